"""Where a value stands in PHP and what was done to it: a cleaner counts only in the sink whose context it fits."""

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

SEEN = [
    ('command-execution', 'system("ls $t");'),
    ('command-execution', '$t=escapeshellarg($t); system("ls \'$t\'");'),
    ('command-execution', '$t=escapeshellcmd($t); system("ls $t");'),
    ('command-execution', '$t=addslashes($t); system("ls \'$t\'");'),
    ('command-execution', 'settype($t,"string"); system("ls $t");'),
    ('command-execution', '$re="/[a-z]/"; if (preg_match($re,$t)==1) $t=$t; else $t=""; system("ls $t");'),
    ('command-execution', '$t=filter_var($t,FILTER_SANITIZE_SPECIAL_CHARS); system("ls $t");'),
    ('command-execution', 'if (filter_var($t,FILTER_VALIDATE_EMAIL)) $t=$t; else $t=""; system("ls $t");'),
    ('command-execution', 'system(sprintf("ls %s",$t));'),
    ('sql-execution', '$t=mysql_real_escape_string($t); mysql_query("SELECT a FROM b WHERE c=$t");'),
    ('sql-execution', '$t=htmlentities($t); mysql_query("SELECT a FROM b WHERE c=\'$t\'");'),
    ('xss', 'echo "<a href=".htmlspecialchars($t).">";'),
    ('xss', 'echo "<a title=\'".htmlspecialchars($t,ENT_COMPAT)."\'>";'),
    ('xss', 'echo "<script>".htmlspecialchars($t)."</script>";'),
    ('xss', 'echo "<a href=\\"".htmlspecialchars($t)."\\">";'),
    ('xss', 'echo "<p>".addslashes($t)."</p>";'),
    ('xss', 'echo "<p>".$t."</p>";'),
    ('xss', 'printf("<p>%s</p>", $t);'),
    ('code-evaluation', 'eval("\\$x = $t;");'),
    ('code-evaluation', '$t=htmlspecialchars($t); eval("\\$x = \'$t\';");'),
    ('code-evaluation', '$t=addslashes($t); eval("\\$x = " . $t . ";");'),
    ('code-evaluation', '$t=addslashes($t); eval("\\$x = \'a\' . " . $t . ";");'),
    ('code-evaluation', '$t=(int)$t; include "other.php"; eval("$unset = \'" . $t . "\';");'),
    ('command-execution', '$t=htmlentities($t, ENT_QUOTES); system("cat \'" . $t . "\'");'),
    ('sql-execution', '$u=(int)$_GET["u"]; $t=addslashes($t); mysql_query("SELECT a FROM b WHERE c=\'$t\' AND d=" . $t);'),
    ('file-inclusion', 'include("pages/$t.php");'),
    ('xpath-injection', '$xml=simplexml_load_file("u.xml"); $xml->xpath("//u[n=\'$t\']");'),
    ('xpath-injection', '$t=addslashes($t); $xml=simplexml_load_file("u.xml"); $xml->xpath("//u[n=\'$t\']");'),
    ('open-redirect', 'header("Location: $t");'),
    ('open-redirect', 'header("Location: ".htmlspecialchars($t));'),
    ('unsafe-deserialisation', 'unserialize($t);'),
    ('request-forgery', '$c=curl_init(); curl_setopt($c, CURLOPT_URL, $t);'),
    ('path-traversal', 'readfile("/d/".$t);'),
]  # fmt: skip
SILENT = [
    '$t=(int)$t; eval("$unset = \'" . $t . "\';");',
    '$t=(int)$t; eval("$unset = \' $t \';");',
    'eval(sprintf("$unset = \'%d\';", $t));',
    '$t=addslashes($t); eval("\\$x = \'" . $t . "\';");',
    '$t=$t == "a" ? "a" : "b"; eval("\\$x = $t;");',
    '$t=rawurlencode($t); $xml=simplexml_load_file("u.xml"); $xml->xpath("//u[n=\'$t\']");',
    'class S { function __construct($d) { $this->d = $d; } function clean() { $this->d = intval($this->d); } function get() '
    '{ return $this->d; } } $s = new S($t); $s->clean(); $t = $s->get(); system("ls $t");',
    '$t=escapeshellarg($t); system("ls $t");',
    '$t=(int)$t; system("ls $t");',
    '$t=intval($t); system("ls $t");',
    'settype($t,"integer"); system("ls $t");',
    'if (settype($t,"float")) $t=$t; else $t=0.0; system("ls $t");',
    '$t += 0; system("ls $t");',
    '$t = $t + 0.0; system("ls $t");',
    '$t = $t == "a" ? "a" : "b"; system("ls $t");',
    '$l=array("a","b"); if (in_array($t,$l,true)) $t=$t; else $t=$l[0]; system("ls $t");',
    '$l=array("a","b"); if (!in_array($t,$l)) exit; system("ls $t");',
    '$re="/^[a-zA-Z0-9]*$/"; if (preg_match($re,$t)==1) $t=$t; else $t=""; system("ls $t");',
    '$t=preg_replace("/[^a-z0-9]/i","",$t); system("ls $t");',
    '$t=preg_replace(\'/\\W/si\',\'\',$t); system("ls $t");',
    'if (filter_var($t,FILTER_VALIDATE_INT)) $t=$t; else $t=""; system("ls $t");',
    '$t=filter_var($t,FILTER_SANITIZE_NUMBER_INT); system("ls $t");',
    'system(sprintf("ls %d",$t));',
    'system(sprintf("ls %u",$t));',
    '$t=mysql_real_escape_string($t); mysql_query("SELECT a FROM b WHERE c=\'$t\'");',
    '$s=$db->prepare("SELECT a FROM b WHERE c=?"); $s->bind_param("s",$t); $s->execute();',
    '$s=$pdo->prepare("SELECT a FROM b WHERE c=:a"); $s->execute([":a"=>$t]);',
    'echo "<b>".htmlspecialchars($t)."</b>";',
    'echo "<a title=\\"".htmlspecialchars($t)."\\">";',
    'echo "<a href=\\"/x?q=".urlencode($t)."\\">";',
    'echo "<p>".(int)$t."</p>";',
    'printf("<p>%d</p>", $t);',
    '$t=(float)$t; eval("\\$x = $t;");',
    'include("pages/".basename($t).".php");',
    'switch($t){case "a": $f="a.php"; break; default: $f="b.php";} include($f);',
    '$t=(int)$t; $xml=simplexml_load_file("u.xml"); $xml->xpath("//u[n=\'$t\']");',
    '$t=str_replace("\'","",$t); $xml=simplexml_load_file("u.xml"); $xml->xpath("//u[n=\'$t\']");',
    'if (!ctype_digit($t)) { die("x"); } system("ls $t");',
    'if (is_numeric($t)) { system("ls $t"); }',
    'header("Location: /x?u=".urlencode($t));',
    'unserialize($t, ["allowed_classes"=>false]);',
    '$p=realpath("/d/".$t); if (strpos($p,"/d/")!==0) die(); readfile($p);',
    'if (strpos($t,"..")!==false) die(); readfile("/d/".$t);',
]  # fmt: skip


def _rules(code: str) -> set[str]:
    body = f"<?php\n$t = $_GET['a'];\n{code}\n"
    unit = CodeUnit(source="code", origin="test", title="a.php", path="a.php", body=body)
    return {one.rule for one in PLUGIN.detect(unit).candidates}


@pytest.mark.parametrize(("rule", "code"), SEEN)
def test_a_value_that_does_not_fit_its_place_is_seen(rule: str, code: str) -> None:
    assert rule in _rules(code)


@pytest.mark.parametrize("code", SILENT)
def test_a_value_that_fits_its_place_is_not(code: str) -> None:
    assert not _rules(code)


def test_what_a_command_prints_comes_from_outside() -> None:
    def rules(text: str) -> set[str]:
        unit = CodeUnit(source="t", path="a.php", language="php", body=f"<?php\n{text}\n")
        return {one.rule for one in PLUGIN.detect(unit).candidates}

    assert "xss" in rules("exec('/bin/list', $lines, $code);\necho '<p>' . $lines[0];")
    assert "xss" in rules("$line = exec('/bin/list');\necho '<p>' . $line;")
    assert "xss" not in rules("exec('/bin/list', $lines, $code);\necho '<p>' . htmlspecialchars($lines[0]);")
