"""C#: what carries a value, and the calls that it must not reach; each weak body beside a harmless one."""
# ruff: noqa: E501 - a program is easier to read in one piece

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_FILE = """using System.IO;
public class C : ControllerBase {
  [HttpGet("{id}")]
  public IActionResult Find([FromQuery] string x) {
    %s
  }
}
"""
TWINS = [
    (78, 'var p = (Kind: "a", Wanted: x); Process.Start("cmd.exe", "/c " + p.Wanted);', 'var p = (Kind: "a", Wanted: x); Process.Start("cmd.exe", "/c " + p.Kind);'),
    (78, 'var q = new List<string> { "a", x }; q.RemoveAt(0); Process.Start(q[0]);', 'var q = new List<string> { "a", x }; Process.Start(q[0]);'),
    (78, 'var d = new Dictionary<string, string> { ["a"] = x }; Process.Start(d["a"]);', 'var d = new Dictionary<string, string> { ["b"] = x, ["a"] = "c" }; Process.Start(d["a"]);'),
    (78, 'var s = x switch { "a" => "b", _ => x }; Process.Start(s);', 'var s = x switch { "a" => "b", _ => "c" }; Process.Start(s);'),
    (78, 'var s = new ProcessStartInfo("/bin/bash"); s.ArgumentList.Add("-c"); s.ArgumentList.Add("ls " + x);', 'var s = new ProcessStartInfo("ls"); s.ArgumentList.Add("--"); s.ArgumentList.Add(x);'),
    (78, 'Process.Start("bash", new[] { "-c", x });', 'Process.Start("ls", new[] { "--", x });'),
    (78, 'if (Request.Query.TryGetValue("a", out var v)) { Process.Start(v); }', 'if (known.TryGetValue("a", out var v)) { Process.Start(v); }'),
    (89, 'db.Notes.FromSqlRaw("select a from b where c = " + x);', 'db.Notes.FromSqlRaw("select a from b where c = {0}", x);'),
    (89, 'db.Notes.FromSqlRaw($"select a from b where c = {x}");', 'db.Notes.FromSqlInterpolated($"select a from b where c = {x}");'),
    (89, 'connection.Query<A>("select a from b where c = " + x);', 'connection.Query<A>("select a from b where c = @c", new { c = x });'),
    (89, 'connection.Query<A>("select a from b where c = " + Load(x));', 'connection.Query<A>("select a from b where c = " + Guid.NewGuid());'),
    (22, 'File.WriteAllText(Path.Combine("/srv", x), "a");', 'File.WriteAllText(Path.Combine("/srv", Path.GetRandomFileName()), x);'),
    (22, 'File.Delete(Path.Combine("/srv", x));', 'File.Delete(Path.Combine("/srv", Path.GetFileName(x)));'),
    (22, 'File.Delete(Path.Combine(d, entry.FullName));', 'File.Delete(Path.Combine(Directory.CreateTempSubdirectory().FullName, "a"));'),
    (601, 'response.Headers["Location"] = x;', 'response.Headers["Location"] = "/a/" + Uri.EscapeDataString(x);'),
    (601, 'var local = x.StartsWith("/") && !x.StartsWith("//"); response.Redirect(local ? x : "/");',
     'var local = x.StartsWith("/") && !x.StartsWith("//") && !x.Contains("\\\\"); response.Redirect(local ? x : "/");'),
    (295, "h.ServerCertificateCustomValidationCallback = (m, c, n, e) => true;", "h.ServerCertificateCustomValidationCallback = (m, c, n, e) => e == SslPolicyErrors.None;"),
    (295, "ServicePointManager.ServerCertificateValidationCallback += (m, c, n, e) => true;", "ServicePointManager.ServerCertificateValidationCallback += (m, c, n, e) => e == SslPolicyErrors.None;"),
    (614, 'response.Headers["Set-Cookie"] = "a=" + id + "; HttpOnly";', 'response.Headers["Set-Cookie"] = "a=" + id + "; HttpOnly; Secure";'),
    (732, 'File.SetUnixFileMode("/a", UnixFileMode.UserRead | UnixFileMode.OtherWrite);', 'File.SetUnixFileMode("/a", UnixFileMode.UserRead | UnixFileMode.UserWrite);'),
    (377, 'File.WriteAllText(Path.Combine(Path.GetTempPath(), "a.csv"), "b");', 'File.WriteAllText(Path.Combine(Path.GetTempPath(), name), "b");'),
    (798, 'new SqlConnection("Server=db;User Id=a;Password=' + "invented" + '");', 'new SqlConnection("Server=db;Integrated Security=true");'),
    (1333, "Regex.IsMatch(line, x);", "Regex.IsMatch(x, pattern);"),
    (117, 'logger.LogInformation("of " + x.Replace("\\t", ""));', 'logger.LogInformation("of " + x.Replace("\\r", "").Replace("\\n", ""));'),
    (90, 'search.Filter = "(uid=" + x.Replace("*", "") + ")";', 'search.Filter = "(uid=" + x.Replace("\\\\", "\\\\5c").Replace("*", "\\\\2a").Replace("(", "\\\\28").Replace(")", "\\\\29") + ")";'),
    (79, 'writer.WriteLine($"<p>{x}</p>");', 'writer.WriteLine($"of {x}");'),
    (94, "CSharpScript.EvaluateAsync(x);", "CSharpScript.EvaluateAsync(nameof(C));"),
    (22, "new StreamReader(x);", "new StreamReader(Request.Body);"),
    (117, 'logger.LogInformation("of {N}", x);', 'logger.LogInformation("of {N}", x.Length);'),
    (89, 'var n = "1"; Load(x, out var m); n = m + x; connection.Execute("select a from b where c = " + n);',
     'var n = "1"; if (int.TryParse(x, out var m)) { n = m.ToString(); } connection.Execute("select a from b where c = " + n);'),
    (501, 'session["a"] = x;', 'session["a"] = "b";'),
]  # fmt: skip


def _seen(body: str, file: str = _FILE) -> set[str]:
    return {one.cwe or "" for one in PLUGIN.detect(CodeUnit(source="t", path="a.cs", body=file % body)).candidates}


@pytest.mark.parametrize(("cwe", "weak", "harmless"), TWINS)
def test_a_weak_body_is_told_from_its_harmless_twin(cwe: int, weak: str, harmless: str) -> None:
    assert f"CWE-{cwe}" in _seen(weak)
    assert f"CWE-{cwe}" not in _seen(harmless)


def test_texts_of_a_handler_that_is_mapped_to_a_route_come_from_outside() -> None:
    file = '%s("/a", (string x) => { Process.Start(x); });\n'
    assert "CWE-78" in _seen("app.MapGet", file)
    assert "CWE-78" not in _seen("list.Each", file)


def test_a_property_that_a_request_fills_comes_from_outside() -> None:
    file = "public class M : PageModel {\n  %s\n  public string Wanted { get; set; }\n  public void OnGet() { Process.Start(Wanted); }\n}\n"
    assert "CWE-78" in _seen("[BindProperty(SupportsGet = true)]", file)
    assert "CWE-78" not in _seen("[Required]", file)


@pytest.mark.parametrize("kept", ["[ValidateAntiForgeryToken]", "[Authorize]\n  [ValidateAntiForgeryToken]"])
def test_a_post_whose_token_is_checked_on_a_later_line_is_protected(kept: str) -> None:
    file = "public class A : Controller {\n  [HttpPost]\n  %s\n  public ActionResult Save(int id) { return Ok(); }\n}\n"
    assert "CWE-352" not in _seen(kept, file)
    assert "CWE-352" in _seen("[Authorize]", file)


def test_a_slow_pattern_is_slow_though_it_is_constant() -> None:
    text = 'class A { void f(string x) { new Regex("^([a-z]+)+$").Match(x); new Regex("^[a-z]+$").Match(x); } }'
    body = text.replace("; new", ";\nnew")
    unit = CodeUnit(source="code", origin="test", title="a.cs", path="a.cs", body=body)
    assert [(one.rule, one.place.start_line) for one in PLUGIN.detect(unit).candidates] == [("slow-pattern", 1)]
    held = body.replace('+$")', '+$", RegexOptions.None, TimeSpan.FromSeconds(1))')
    assert not PLUGIN.detect(unit.model_copy(update={"body": held})).candidates
    default = 'class B { void g(AppDomain d) { d.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", limit); } }\n' + body
    assert not PLUGIN.detect(unit.model_copy(update={"body": default})).candidates
