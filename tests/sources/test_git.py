"""git: what a range, the index and a history add, and that nothing a repository configures is run or followed."""

import os
import time
from pathlib import Path

import pytest

from schemas import CodeUnit
from secassist.errors import SourceError
from secassist.sources import _git
from secassist.sources._changes import Added, Change, between, blobs, commits, history, staged
from secassist.sources._choose import walk
from secassist.sources._git import Repository, repository
from secassist.sources.base import Limits, Rejected, Skipped
from tests.repositories import commit, git


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for text in ("a = 1\n", "a = 1\nb = 2\n"):
        (folder / "app.py").write_text(text)
        commit(folder)
    return folder


def found(path: Path) -> Repository:
    made = repository(path)
    assert made is not None
    return made


def read(repo: Path, wanted: list[Change]) -> dict[str, bytes | str]:
    return {change.path: data for change, data in blobs(found(repo), wanted, 1_000_000)}


class TestRanges:
    def test_added_lines_with_the_whole_new_content(self, repo):
        (change,) = between(found(repo), "HEAD~1..HEAD")
        assert (change.path, change.lines) == ("app.py", ((2, 2),))
        assert read(repo, [change]) == {"app.py": b"a = 1\nb = 2\n"}
        assert between(found(repo), "HEAD..HEAD") == []

    def test_renames_are_followed(self, repo):
        (repo / "old.py").write_text("".join(f"line_{n} = {n}\n" for n in range(30)))
        commit(repo)
        (repo / "old.py").rename(repo / "new.py")
        with (repo / "new.py").open("a") as out:
            out.write("more = 1\n")
        commit(repo)
        (change,) = between(found(repo), "HEAD~1..HEAD")
        assert (change.path, change.before, change.lines) == ("new.py", "old.py", ((31, 31),))

    def test_three_dots_are_the_way_from_the_common_ancestor(self, repo):
        git(repo, "checkout", "-q", "-b", "side", "HEAD~1")
        (repo / "side.py").write_text("s = 1\n")
        commit(repo)
        assert [change.path for change in between(found(repo), "main...side")] == ["side.py"]

    def test_names_with_newlines_quotes_and_other_bytes(self, repo):
        names = ['new\nline".py', "文.py", os.fsdecode(b"by\xfftes.py")]
        for name in names:
            (repo / name).write_text("x = 1\n")
        commit(repo)
        changes = between(found(repo), "HEAD~1..HEAD")
        assert sorted(change.path for change in changes) == sorted(names)
        assert all(change.lines == ((1, 1),) for change in changes)

    def test_links_submodules_and_large_files_say_why(self, repo):
        (repo / "link").symlink_to("/etc/passwd")
        (repo / "big.txt").write_text("x\n" * 600_000)
        git(repo, "update-index", "--add", "--cacheinfo", f"160000,{git(repo, 'rev-parse', 'HEAD')},sub")
        git(repo, "add", "link", "big.txt")
        got = read(repo, staged(found(repo)))
        assert got == {"link": "a link", "sub": "a submodule", "big.txt": "larger than 1000000 bytes"}

    def test_attributes_hide_nothing(self, repo):
        (repo / ".gitattributes").write_text("*.py -diff -text binary\n")
        (repo / "app.py").write_text("a = 1\nb = 2\nc = 3\n")
        commit(repo)
        changes = {change.path: change.lines for change in between(found(repo), "HEAD~1..HEAD")}
        assert changes["app.py"] == ((3, 3),)

    @pytest.mark.parametrize("wanted", ["--output=/tmp/x..y", "HEAD", "a..b c", "", "a..b\n", "no..HEAD", "a..b..c"])
    def test_options_and_unknown_ranges_are_refused(self, repo, wanted):
        with pytest.raises(SourceError):
            between(found(repo), wanted)


class TestStaged:
    def test_the_index_not_the_disk(self, repo):
        (repo / "app.py").write_text("a = 1\nb = 2\nc = 3\n")
        git(repo, "add", "app.py")
        (repo / "app.py").write_text("something else\n")
        (change,) = staged(found(repo))
        assert change.lines == ((3, 3),)
        assert read(repo, [change]) == {"app.py": b"a = 1\nb = 2\nc = 3\n"}

    def test_before_the_first_commit(self, tmp_path):
        git(tmp_path, "init", "-q")
        (tmp_path / "x.py").write_text("x = 1\n")
        git(tmp_path, "add", "x.py")
        (change,) = staged(found(tmp_path))
        assert (change.path, change.lines) == ("x.py", ((1, 1),))


def added(repo: Path, range_: str = "", limits: Limits | None = None) -> list[Added]:
    there = found(repo)
    return list(history(there, commits(there, range_), limits or Limits()))


def bodies(all_: list[Added]) -> list[str]:
    return [item.body for each in all_ for item in each.items if isinstance(item, CodeUnit)]


class TestHistory:
    def test_every_added_line_oldest_first_though_it_was_removed(self, repo):
        (repo / "gone.txt").write_text("word\n")
        with_it = commit(repo)
        (repo / "gone.txt").unlink()
        commit(repo)
        all_ = added(repo)
        assert [each.commit for each in all_] == git(repo, "rev-list", "--reverse", "HEAD").split()
        assert bodies(all_) == ["a = 1", "b = 2", "word"]
        (unit,) = (item for each in all_ for item in each.items if "gone" in item.origin)
        when = git(repo, "show", "-s", "--format=%aI", with_it)
        assert unit.origin == f"{with_it} {when} gone.txt:1"

    def test_places_and_what_stands_near(self, repo):
        lines = [f"l{n}" for n in range(400)]
        (repo / "f.txt").write_text("\n".join(lines) + "\n")
        commit(repo)
        lines[10], lines[20], lines[390] = "one", "two", "far"
        (repo / "f.txt").write_text("\n".join(lines) + "\n")
        commit(repo)
        near, far = added(repo)[-1].items
        assert (near.start_line, near.body) == (11, "one" + "\n" * 10 + "two")
        assert (far.start_line, far.body) == (391, "far")

    def test_other_branches_and_merges_and_each_part_once(self, repo):
        git(repo, "checkout", "-q", "-b", "side", "HEAD~1")
        (repo / "side.py").write_text("s = 1\n")
        commit(repo)
        git(repo, "checkout", "-q", "main")
        git(repo, "merge", "-q", "--no-ff", "--no-commit", "side")
        (repo / "app.py").write_text("a = 1\nb = 2\nevil = 3\n")
        commit(repo)
        git(repo, "checkout", "-q", "-b", "unmerged", "HEAD~1")
        (repo / "side.py").write_text("s = 1\n")
        commit(repo)
        git(repo, "checkout", "-q", "main")
        assert sorted(bodies(added(repo))) == ["a = 1", "b = 2", "evil = 3", "s = 1"]

    def test_a_range(self, repo):
        assert bodies(added(repo, "HEAD~1..HEAD")) == ["b = 2"]

    def test_text_that_looks_like_headers(self, repo):
        text = "@@ -1 +1 @@\n+++ b/other\ndiff --git a/x b/x\n\x01forged 2020\n"
        (repo / "f.txt").write_text(text)
        commit(repo)
        assert bodies(added(repo))[-1] == text.rstrip("\n")

    def test_long_lines_and_binary_data_are_named(self, repo):
        (repo / "long.txt").write_text("x" * 500 + "\nshort\n")
        (repo / "data.bin").write_bytes(bytes(range(256)) * 8)
        commit(repo)
        last = added(repo, limits=Limits(record_bytes=200))[-1]
        assert any(isinstance(item, Rejected) and "longer than 200" in item.reason for item in last.items)
        assert any(isinstance(item, Skipped) and item.reason == "binary data" for item in last.items)
        assert "short" in bodies([last])[-1]

    def test_no_commits(self, tmp_path):
        git(tmp_path, "init", "-q")
        assert added(tmp_path) == []

    def test_a_reader_that_stops_early_leaves_no_process(self, repo):
        there = found(repo)
        reading = history(there, commits(there), Limits())
        next(reading)
        reading.close()  # type: ignore[attr-defined]


class TestHostile:
    def test_nothing_that_a_repository_configures_is_run(self, repo, tmp_path):
        mark = tmp_path / "ran"
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
        program.chmod(0o755)
        hook = repo / ".git/hooks"
        hook.mkdir(exist_ok=True)
        for name in ("post-index-change", "fsmonitor-watchman", "pre-commit", "reference-transaction"):
            (hook / name).write_text(program.read_text())
            (hook / name).chmod(0o755)
        keys = "diff.external core.fsmonitor core.pager diff.x.textconv diff.x.command filter.x.clean filter.x.smudge"
        keys += (
            " filter.x.process core.sshCommand core.askPass gpg.program credential.helper core.editor alias.diff-tree"
        )
        for key in keys.split():
            git(repo, "config", key, str(program))
        git(repo, "config", "log.showSignature", "true")
        git(repo, "config", "protocol.ext.allow", "always")
        git(repo, "config", "extensions.partialClone", "origin")
        git(repo, "config", "remote.origin.url", f"ext::{program}")
        git(repo, "config", "remote.origin.promisor", "true")
        (repo / ".gitattributes").write_text("*.py diff=x filter=x\n")
        (repo / ".git/info/attributes").write_text("*.py diff=x filter=x\n")
        mark.unlink(missing_ok=True)
        list(walk(repo))
        changes = between(found(repo), "HEAD~1..HEAD")
        missing = Change("m.py", "m.py", "1" * 40, "100644", ((1, 1),))
        assert read(repo, [*changes, missing])["m.py"] == "git does not have its content"
        staged(found(repo))
        assert len(added(repo)) == 2
        assert not mark.exists()

    def test_a_work_tree_that_is_set_elsewhere_is_not_followed(self, repo, tmp_path):
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "private.txt").write_text("x")
        git(repo, "config", "core.worktree", str(outside))
        names = [item.name for item in walk(repo) if isinstance(item, Path)]
        assert names == ["app.py"]

    @pytest.mark.parametrize("how", ["file", "link"])
    def test_a_git_folder_that_leads_elsewhere_is_none(self, repo, tmp_path, how):
        victim = tmp_path / "victim"
        victim.mkdir()
        (victim / "x.py").write_text("x = 1\n")
        if how == "file":
            (victim / ".git").write_text(f"gitdir: {repo / '.git'}\n")
        else:
            (victim / ".git").symlink_to(repo / ".git")
        assert repository(victim) is None
        assert [item.name for item in walk(victim) if isinstance(item, Path)] == ["x.py"]

    def test_a_linked_work_tree_is_one(self, repo, tmp_path):
        git(repo, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "other")
        assert len(commits(found(tmp_path / "tree"))) == 2

    def test_what_git_lists_behind_a_link_is_not_read(self, repo, tmp_path):
        (repo / "sub").mkdir()
        (repo / "sub/x.py").write_text("x = 1\n")
        commit(repo)
        (repo / "sub/x.py").unlink()
        (repo / "sub").rmdir()
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "x.py").write_text("secret = 1\n")
        (repo / "sub").symlink_to(outside)
        left = {Path(item.origin).name: item for item in walk(repo) if isinstance(item, Rejected)}
        assert "link that leaves" in left["x.py"].reason
        assert [item.name for item in walk(repo) if isinstance(item, Path)] == ["app.py"]

    def test_what_holds_git_up_is_given_up(self, repo, monkeypatch):
        monkeypatch.setattr(_git, "PATIENCE", 1.0)
        (repo / "sub").mkdir()
        os.mkfifo(repo / "sub/.gitignore")
        (repo / "sub/y.py").write_text("y = 1\n")
        began = time.monotonic()
        files = {item.name for item in walk(repo) if isinstance(item, Path)}
        assert time.monotonic() - began < 20
        assert files == {"app.py", "y.py"}

    def test_ignored_files_and_repositories_inside_are_named(self, repo):
        (repo / ".gitignore").write_text("build/\n*.log\n")
        for name in ("build/a.py", "x.log", "new.py", "inner/z.py"):
            (repo / name).parent.mkdir(exist_ok=True)
            (repo / name).write_text("x = 1\n")
        git(repo / "inner", "init", "-q")
        items = list(walk(repo))
        assert sorted(item.name for item in items if isinstance(item, Path)) == [".gitignore", "app.py", "new.py"]
        left = {Path(item.origin).name: item.reason for item in items if isinstance(item, Skipped)}
        assert left["build"] == left["x.log"] == "ignored by git"
        assert "another repository" in left["inner"]

    def test_own_ignore_files_and_excluded_patterns_count_in_a_repository(self, repo):
        (repo / ".secassistignore").write_text("app.py\n")
        (repo / "keep.py").write_text("x = 1\n")
        (repo / "docs").mkdir()
        (repo / "docs/a.py").write_text("x = 1\n")
        files = [item.name for item in walk(repo, ["docs/"]) if isinstance(item, Path)]
        assert files == [".secassistignore", "keep.py"]
