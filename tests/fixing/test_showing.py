"""How a change is shown: what did not change does not look as if it had."""

from secassist.fixing.showing import diff, masked_alike

BEFORE = "key = 'fox'\nurl = a\nend\n"
AFTER = "key = 'fox'\nurl = b\nend\n"


def test_unchanged_lines_keep_the_mask_of_before() -> None:
    shown = "key = '[secret:f**]'\nurl = a\nend\n"
    after = masked_alike(BEFORE, AFTER, shown, "key = '[encoded-secret:***]'\nurl = b\nend\n")
    assert after == "key = '[secret:f**]'\nurl = b\nend\n"
    assert "secret" not in "".join(line for line in diff("a.py", shown, after).split("\n") if line[:1] in "+-")


def test_masks_over_several_lines_are_left_alone() -> None:
    assert masked_alike(BEFORE, AFTER, "[key]\nend\n", "[other]\nend\n") == "[other]\nend\n"


def test_a_changed_line_is_masked_by_itself() -> None:
    shown = masked_alike(BEFORE, BEFORE.replace("fox", "owl"), BEFORE, "key = '[secret:***]'\nurl = a\nend\n")
    assert shown == "key = '[secret:***]'\nurl = a\nend\n"
