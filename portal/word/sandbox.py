"""Where a template's tags are evaluated: they see plain values, and reach nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from portal.errors import BadFile, Problem

LOOP_FIELDS = frozenset({"first", "index", "last", "length"})


class Sandbox(ImmutableSandboxedEnvironment):
    """No attribute, no call, no filter, no arithmetic; a missing value is an error."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Keys before attributes: a field called `items` is the field."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only a loop's own counters."""
        return isinstance(obj, LoopContext) and attr in LOOP_FIELDS

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> NoReturn:
        """'a' * 10**9 fills the memory, and no template needs to calculate."""
        raise SecurityError(f"a template does not calculate ({operator})")


class StrictTemplate(DocxTemplate):  # type: ignore[misc]
    """docxtpl, except that a part which is no longer well-formed is refused, not repaired."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any) -> str:
        """The part filled in; docxtpl alone would drop all that follows a broken tag."""
        xml: str = super().render_xml_part(src_xml, part, context, jinja_env)
        try:
            etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as error:
            raise BadFile([_broken(str(part.partname), error.msg)]) from error
        return xml

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Written afterwards, as text: docxtpl would escape them twice."""


def _broken(part: str, cause: str | None) -> Problem:
    return Problem(
        f"A tag runs across the edge of a tracked change or a link ({cause}).",
        "Accept all changes, type the tag anew in one piece, and try again.",
        where=part,
    )
