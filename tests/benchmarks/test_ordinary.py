"""Alarms on ordinary code are counted by who raised them."""

from benchmarks.ordinary import counted


def test_only_what_is_called_real_is_an_alarm() -> None:
    records = [
        {"findings": [{"judgement": "real", "by": ["model"]}, {"judgement": "refuted", "by": ["python_static"]}]},
        {"findings": [{"judgement": "real", "by": ["code_flow", "model"]}, {"judgement": "unsure", "by": ["model"]}]},
        {"findings": [{"judgement": "unsure", "by": ["python_static"]}]},
    ]
    assert counted(records) == {"files": 2, "model": 1, "detectors": 1}
