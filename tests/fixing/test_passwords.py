"""Fast hashes of passwords in PHP and Node: a slow one is written where the whole hash stands in one place."""

import pytest

from tests.fixing.fixtures import fixed

PHP = "<?php\nfunction f($password, $file) {\n    %s\n}\n"
NODE = "const crypto = require('crypto');\nfunction f(password, file) {\n  %s\n}\n"
SALT = "(getenv('PASSWORD_SALT') ?: throw new RuntimeException('PASSWORD_SALT is not set'))"


@pytest.mark.parametrize(
    ("language", "line", "wanted"),
    [
        ("php", "return md5($password);", f"return hash_pbkdf2('sha256', $password, {SALT}, 600000);"),
        (
            "php",
            "$password = hash('sha1', $_POST['password']);\n    return $password;",
            f"$password = hash_pbkdf2('sha256', $_POST['password'], {SALT}, 600000);",
        ),
        (
            "javascript",
            "return crypto.createHash('md5').update(password).digest('hex');",
            "return crypto.scryptSync(password, process.env.PASSWORD_SALT, 32).toString('hex');",
        ),
        (
            "javascript",
            "return crypto.createHash('sha1').update(password + 'x').digest();",
            "return crypto.scryptSync(password + 'x', process.env.PASSWORD_SALT, 32);",
        ),
    ],
)
def test_a_password_gets_a_slow_hash(language: str, line: str, wanted: str) -> None:
    outcome = fixed(
        (PHP if language == "php" else NODE) % line,
        3,
        "CWE-328",
        language,
        "unit.php" if language == "php" else "unit.js",
    )
    assert outcome.kept is not None
    assert outcome.kept.change.proposal.name == "slow-password-hash"
    assert wanted in outcome.kept.change.text


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("php", "return sha1($password, true);"),
        ("php", "return hash($name, $password);"),
        ("php", "$password = md5(uniqid());\n    return $password;"),
        ("javascript", "const h = crypto.createHash('md5'); h.update(password); return h.digest('hex');"),
        ("javascript", "return createHash('md5').update(password).digest('hex');"),
        ("javascript", "return crypto.createHash('md5').update(password).update(file).digest('hex');"),
    ],
)
def test_what_is_put_together_otherwise_is_left_to_a_person(language: str, line: str) -> None:
    outcome = fixed(
        (PHP if language == "php" else NODE) % line,
        3,
        "CWE-328",
        language,
        "unit.js" if language != "php" else "unit.php",
    )
    assert "slow-password-hash" not in {tried.change.proposal.name for tried in outcome.tried}
    assert outcome.kept is None


@pytest.mark.parametrize(
    ("language", "line"),
    [("php", "return md5($file);"), ("javascript", "return crypto.createHash('md5').update(file).digest('hex');")],
)
def test_other_hashes_become_sha_256(language: str, line: str) -> None:
    text = ((PHP if language == "php" else NODE) % line).replace("password, ", "name, ").replace("$password", "$name")
    outcome = fixed(text, 3, "CWE-328", language, "unit.js" if language != "php" else "unit.php")
    assert outcome.kept is not None
    assert outcome.kept.change.proposal.name == "sha-256"
