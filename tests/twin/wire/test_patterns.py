"""Java patterns of the service models, and what they accept once translated."""

import pytest

from twin.wire.patterns import Untranslatable, compiled, translated


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "größe 10/é @ 数"),
        (r"([\p{L}\p{Z}\p{N}_.:\/=+\-@]*)${1,128}", "owner"),
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "2+2=4!"),
        (r"\p{Print}+", "a ~"),
        (r"\A\S[\p{Print}]*\z", "application/json"),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a\t\U0001f600"),
        (r"arn:[\p{Alnum}\-]+:lambda", "arn:aws-cn:lambda"),
    ],
)
def test_a_translated_pattern_accepts_what_java_accepts(pattern: str, value: str) -> None:
    assert compiled(pattern).fullmatch(value)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "a#b"),
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "two words"),
        (r"\p{Print}+", "é"),
        (r"\p{ASCII}*", "é"),
        (r"\A\S[\p{Print}]*\z", " json"),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "line\nbreak"),
        (r"\d+", "٣"),
        (r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "name\n"),
    ],
)
def test_a_translated_pattern_refuses_what_java_refuses(pattern: str, value: str) -> None:
    assert not compiled(pattern).fullmatch(value)


def test_a_property_outside_a_class_becomes_a_class() -> None:
    assert translated(r"\p{Alnum}{2}") == "[a-zA-Z0-9]{2}"


@pytest.mark.parametrize("pattern", [r"[a-z&&[^b]]", r"\p{Klingon}", r"a{2,1}"])
def test_what_cannot_be_translated_says_so(pattern: str) -> None:
    with pytest.raises(Untranslatable):
        compiled(pattern)
