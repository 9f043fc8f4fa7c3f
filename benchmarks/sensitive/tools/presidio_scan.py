"""Presidio's recognisers without a language model: patterns, checksums and context words, no names and no places.

`--every` also switches on the recognisers of single countries that are off by default. All texts are analysed with all
recognisers loaded, whatever their language; telephone numbers of mainland China are added to the default regions. The
list of public suffixes is the one in the package, so that nothing is fetched.
"""

import logging
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import presidio_analyzer
import spacy
import tldextract
import yaml
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from presidio_analyzer.predefined_recognizers import PhoneRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider
from protocol import Found, serve

REGIONS = (*PhoneRecognizer.DEFAULT_SUPPORTED_REGIONS, "CN")
MODELS = ("SpacyRecognizer", "StanzaRecognizer", "TransformersRecognizer", "GLiNERRecognizer")


class Blank(NlpEngine):
    """Tokens only."""

    def __init__(self) -> None:
        self.nlp = spacy.blank("en")

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Lower-case tokens stand for lemmas, so that context words are found."""
        tokens = self.nlp(text)
        lemmas = [token.text.lower() for token in tokens]
        return NlpArtifacts([], tokens, [token.idx for token in tokens], lemmas, self, language)

    def process_batch(self, texts: Iterable[str], language: str, **_options: Any) -> Iterator[tuple[str, NlpArtifacts]]:
        """One by one."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002 - the library's signature
        """By the list of English."""
        return bool(self.nlp.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
        """By the character."""
        return bool(self.nlp.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        """None: there is no model."""
        return []

    def get_supported_languages(self) -> list[str]:
        """One language for all."""
        return ["en"]


def engine(every: bool) -> AnalyzerEngine:
    """Analyzer with the recognisers of the package's own configuration."""
    default = Path(presidio_analyzer.__file__).parent / "conf" / "default_recognizers.yaml"
    wanted = yaml.safe_load(default.read_text(encoding="utf-8"))
    kept = []
    for entry in wanted["recognizers"]:
        if entry["name"] in MODELS or "model" in entry["name"].lower() or entry.get("type") != "predefined":
            continue
        if entry.get("enabled", True) or (every and entry.get("country_code")):
            kept.append({**entry, "enabled": True, "supported_languages": ["en"]})
    wanted |= {"recognizers": kept, "supported_languages": ["en"]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recognizers.yaml"
        path.write_text(yaml.safe_dump(wanted), encoding="utf-8")
        registry: RecognizerRegistry = RecognizerRegistryProvider(conf_file=path).create_recognizer_registry()
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(PhoneRecognizer(supported_regions=REGIONS))
    return AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])


def main() -> None:
    """By the arguments."""
    logging.disable(logging.WARNING)
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    analyzer = engine("--every" in sys.argv)

    def find(items: list[dict[str, Any]]) -> Iterator[list[Found]]:
        for item in items:
            found = analyzer.analyze(item["text"], language="en")
            yield [(one.start, one.end, one.entity_type, one.score) for one in found]

    serve(version("presidio-analyzer"), analyzer.get_supported_entities("en"), find)


if __name__ == "__main__":
    main()
