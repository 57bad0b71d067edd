"""The code on a letter."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from portal.pdf import qr
from tests.pdf import samples


def test_a_code_is_a_picture_with_a_white_rim():
    drawn = ElementTree.fromstring(qr.svg(samples.LINK))
    side = int(drawn.get("viewBox").split()[2])

    assert (side - 8 - 17) % 4 == 0  # four modules of rim on each side of a whole version
    assert {child.tag.rpartition("}")[2] for child in drawn} == {"path"}


def test_the_same_address_has_the_same_code_and_another_another():
    assert qr.svg(samples.LINK) == qr.svg(samples.LINK)
    assert qr.svg(samples.LINK) != qr.svg(samples.VERIFY)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "example.org"])
def test_only_a_web_address_becomes_a_code(url):
    with pytest.raises(ValueError, match="web address"):
        qr.svg(url)
