"""What one tag may say, read from its syntax tree; and in plain words why another may not.

A tag prints a field, repeats a list, or asks a condition:

    {{ district.name }}   {{ schools|join(", ") }}   {% for s in schools %} … {% endfor %}
    {% if days > 30 and partner.kind == "clinic" %} … {% elif … %} … {% else %} … {% endif %}

No call, no sum, no attribute, no text from elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from jinja2 import nodes
from jinja2.exceptions import TemplateError

from portal.word.sandbox import FILTERS, LOOP_FIELDS, TESTS, Sandbox

LONGEST_TAG = 400
"""Characters. A deeper nest of brackets than fits in here is nobody's condition."""

KEYWORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "elif", "for", "recursive"})
RESERVED = frozenset({"self", "super", "caller", "varargs", "kwargs", "loop", *KEYWORDS})
"""Names that the template language keeps for itself."""

PLAIN = "Write only a field, such as {{ district.name }}, or see templates/README.md."
ORDER_KEEPING = frozenset({"sort", "reverse", "unique"})
MAPPED = frozenset({"first", "last"})
OF_LISTS = frozenset({*ORDER_KEEPING, *MAPPED, "join", "map"})


@dataclass(frozen=True)
class Use:
    """A field that a tag names.

    path: such as `lines[].category`. role: `print`, `test`, `list` or `number`. optional: the
    tag itself says what happens without it.
    """

    path: str
    role: str = "print"
    optional: bool = False


class NotAllowed(Exception):
    """A tag says what no tag may say."""

    def __init__(self, cause: str, fix: str = PLAIN) -> None:
        super().__init__(cause)
        self.cause, self.fix = cause, fix


Scope = Mapping[str, str]
"""The names that the loops around a tag have given to what they list, each with its path."""


@cache
def _reader() -> Sandbox:
    return Sandbox()


QUOTED = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
"""What stands in straight quotation marks; a curly apostrophe within is a letter like others."""

SMART = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"})


def straightened(text: str) -> str:
    """A tag as it was meant: Word's curly quotes, hard blanks and invisible marks made plain."""
    pieces = QUOTED.split("".join(map(_plain, text)))
    pieces[0::2] = [piece.translate(SMART) for piece in pieces[0::2]]
    return "".join(pieces).strip()


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Zs", "Zl", "Zp") or character in "\t\n\r":
        return " "
    return "" if kind in ("Cc", "Cf", "Cn") else character


def printed(text: str, scope: Scope) -> list[Use]:
    """What `{{ text }}` names. Raises NotAllowed."""
    if not text:
        raise NotAllowed("The tag is empty.", "Write the name of a field into it.")
    [output] = _parsed("{{ " + text + " }}", text)
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise NotAllowed("The tag cannot be understood.")
    if isinstance(output.nodes[0], nodes.Const) and not isinstance(output.nodes[0].value, str):
        raise NotAllowed("The tag names no field.", "Write the words themselves, without a tag.")
    return list(_uses(output.nodes[0], scope, "print"))


def condition(text: str, scope: Scope) -> list[Use]:
    """What `{% if text %}` asks about. Raises NotAllowed."""
    if not text:
        raise NotAllowed("This “if” names no condition.", "Write the field after “if”.")
    [asked] = _parsed("{% if " + text + " %}{% endif %}", text)
    if not isinstance(asked, nodes.If):
        raise NotAllowed("The tag cannot be understood.")
    return list(_uses(asked.test, scope, "test"))


def repetition(text: str, scope: Scope) -> tuple[list[Use], Scope]:
    """What `{% for text %}` lists, and the scope within. Raises NotAllowed."""
    [loop] = _parsed("{% for " + text + " %}{% endfor %}", text)
    if not isinstance(loop, nodes.For) or loop.recursive:
        raise NotAllowed("The tag cannot be understood.")
    if not isinstance(loop.target, nodes.Name):
        raise NotAllowed("A loop gives one name to what it lists.", FOR)
    _good_name(loop.target.name)
    uses = list(_uses(loop.iter, scope, "list"))
    item = _item(loop.iter, scope)
    if item is None:
        raise NotAllowed("This loop does not name a list.", FOR)
    within = {**scope, loop.target.name: item}
    if loop.test is not None:
        uses += _uses(loop.test, within, "test")
    return uses, within


@lru_cache(maxsize=4096)
def _parsed(source: str, text: str) -> list[nodes.Node]:
    if len(text) > LONGEST_TAG:
        raise NotAllowed("The tag is too long.", "Divide it into several.")
    if told := _misspelled(text):
        raise told
    try:
        return _reader().parse(source).body
    except (TemplateError, RecursionError, ValueError) as error:
        raise NotAllowed("The tag cannot be understood.") from error


def _misspelled(text: str) -> NotAllowed | None:
    """The mistakes that are made most often, each in its own words."""
    bare = QUOTED.sub("''", text)
    if re.search(r"[\"']", bare.replace("''", "")):
        return NotAllowed("A quotation mark is missing in the tag.", "Put it on both sides.")
    if re.search(r"(?<![=!<>])=(?!=)", re.sub(r"\([^()]*\)", "", bare)):
        return NotAllowed("A single “=” stands in the tag.", "Write two to compare: ==")
    words = re.findall(r"[^\W\d]\w*|\S", bare)
    for one, two in pairwise(words):
        if wrong := {one, two} & {"AND", "OR", "NOT", "IN", "IF", "ELSE", "then", "THEN"}:
            fix = "Write and, or, not, in, else in small letters, and no “then”."
            return NotAllowed(f"“{min(wrong)}” is no word of a tag.", fix)
        if one.isidentifier() and two.isidentifier() and not {one, two} & KEYWORDS:
            fix = f"Write it as one word, such as {one}_{two}."
            return NotAllowed("A blank stands within the name of the field.", fix)
    return None


def _uses(node: nodes.Node, scope: Scope, role: str) -> Iterator[Use]:
    match node:
        case nodes.Const() | nodes.TemplateData():
            return
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            path = _path(node, scope)
            if path is not None:
                yield Use(path, role)
        case nodes.Not() | nodes.And() | nodes.Or():
            for child in node.iter_child_nodes():
                yield from _uses(child, scope, "test")
        case nodes.Compare():
            yield from _compared(node, scope)
        case nodes.CondExpr():
            yield from _uses(node.test, scope, "test")
            yield from _uses(node.expr1, scope, role)
            if node.expr2 is None:
                raise NotAllowed("The tag does not say what to print otherwise.", ELSE)
            yield from _uses(node.expr2, scope, role)
        case nodes.Concat():
            for child in node.iter_child_nodes():
                yield from _uses(child, scope, role)
        case nodes.Filter():
            yield from _filtered(node, scope, role)
        case nodes.Test():
            yield from _tested(node, scope)
        case _:
            raise _refusal(node)


def _refusal(node: nodes.Node) -> NotAllowed:
    if isinstance(node, nodes.Call):
        return NotAllowed("A tag runs nothing: the round brackets are not allowed.")
    if isinstance(node, nodes.Sub):
        cause = "A tag does not calculate; a minus cannot be part of a field's name either."
        return NotAllowed(cause, "Write _ instead of - in a name.")
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
        return NotAllowed("A tag does not calculate.", "Bring the result as a field of its own.")
    return NotAllowed("The tag says something that no tag may say.")


def _compared(node: nodes.Compare, scope: Scope) -> Iterator[Use]:
    sides = [node.expr, *(operand.expr for operand in node.ops)]
    ordered = any(operand.op in ("gt", "gteq", "lt", "lteq") for operand in node.ops)
    number = ordered and any(
        isinstance(side, nodes.Const) and isinstance(side.value, int | float) for side in sides
    )
    for side in sides:
        parts = [side]
        if isinstance(side, nodes.List | nodes.Tuple) and node.ops[0].op in ("in", "notin"):
            parts = side.items
        for part in parts:
            yield from _uses(part, scope, "number" if number else "test")


def _filtered(node: nodes.Filter, scope: Scope, role: str) -> Iterator[Use]:
    if node.name not in FILTERS:
        listed = ", ".join(sorted(FILTERS))
        raise NotAllowed(f"“|{node.name}” is nothing a tag can do.", f"There are: {listed}.")
    arguments = [*node.args, *(pair.value for pair in node.kwargs)]
    constant = all(isinstance(a, nodes.Const) and len(str(a.value)) <= 100 for a in arguments)
    named: dict[str, object] = {
        str(pair.key): getattr(pair.value, "value", None) for pair in node.kwargs
    }
    if node.node is None or not constant or node.dyn_args or node.dyn_kwargs:
        raise NotAllowed(f"What stands in brackets after “|{node.name}” is no fixed text.")
    _fits(node, named)
    optional = node.name in ("default", "d")
    role = "list" if node.name in OF_LISTS else "test" if node.name in ("length", "count") else role
    for use in _uses(node.node, scope, role):
        yield Use(use.path, use.role, optional or use.optional)
    item = _item(node, scope) if node.name == "map" else None
    if node.name in OF_LISTS - ORDER_KEEPING - {"map"}:
        item = _item(node.node, scope)
    if item is not None:
        attribute = named.get("attribute") if node.name == "join" else None
        yield Use(f"{item}.{attribute}" if attribute else item, "print", optional)


def _fits(node: nodes.Filter, named: Mapping[str, object]) -> None:
    """Are there as many words in the brackets as the filter takes?"""
    most = {"default": 2, "d": 2, "join": 1}.get(node.name, 0)
    may = {"attribute"} if node.name in ("join", "map") else set()
    attribute = named.get("attribute")
    if len(node.args) > most or set(named) - may or (node.name == "map" and not attribute):
        raise NotAllowed(f"“|{node.name}” takes something else in its brackets.")
    if attribute is not None:
        _good_name(str(attribute))


def _tested(node: nodes.Test, scope: Scope) -> Iterator[Use]:
    if node.name not in TESTS or node.args or node.kwargs:
        listed = ", ".join(sorted(TESTS))
        raise NotAllowed(f"“is {node.name}” cannot be asked.", f"There are: {listed}.")
    for use in _uses(node.node, scope, "test"):
        yield Use(use.path, use.role, use.optional or node.name in ("defined", "undefined"))


def _item(node: nodes.Node, scope: Scope) -> str | None:
    """The path of what a list lists."""
    match node:
        case nodes.Filter(name=name, node=nodes.Node() as inner) if name in ORDER_KEEPING:
            return _item(inner, scope)
        case nodes.Filter(name="map", node=nodes.Node() as inner, kwargs=[pair]):
            before = _item(inner, scope)
            return f"{before}.{pair.value.as_const()}" if before else None
        case nodes.Filter(name=("default" | "d"), node=nodes.Node() as inner):
            return _item(inner, scope)
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            path = _path(node, scope)
            return f"{path}[]" if path else None
    return None


def _path(node: nodes.Node, scope: Scope) -> str | None:
    """The field that is named; None for a loop's own counters. Raises NotAllowed."""
    match node:
        case nodes.Getattr(node=nodes.Name(name="loop"), attr=attr):
            if not scope:
                raise NotAllowed("“loop” means something only within a loop.")
            if attr not in LOOP_FIELDS:
                raise NotAllowed(f"A loop has no “{attr}”.", f"It has: {', '.join(LOOP_FIELDS)}.")
            return None
        case nodes.Name(name=name):
            if name in scope:
                return scope[name]
            _good_name(name)
            return name
        case nodes.Getattr(attr=attr):
            return _below(node.node, scope, attr)
        case nodes.Getitem(arg=nodes.Const(value=str() as key)):
            return _below(node.node, scope, key)
        case nodes.Getitem(arg=nodes.Const(value=int())):
            return _item(node.node, scope)
        case nodes.Filter(name=name, node=nodes.Node() as inner) if name in MAPPED:
            return _item(inner, scope)
        case nodes.Getitem():
            raise NotAllowed("Only a number or a name may stand in square brackets.")
    raise _refusal(node)


def _below(node: nodes.Node, scope: Scope, key: str) -> str:
    _good_name(key)
    before = _path(node, scope)
    if before is None:
        raise NotAllowed("The tag cannot be understood.")
    return f"{before}.{key}"


def good_name(name: str) -> bool:
    """May a field be called so?"""
    plain = name.isidentifier() and unicodedata.normalize("NFKC", name) == name
    return plain and not name.startswith("_") and name not in RESERVED and len(name) <= 100


def _good_name(name: str) -> None:
    if not good_name(name):
        raise NotAllowed(f"“{name}” cannot be the name of a field.", NAME)


FOR = "Write {% for school in schools %}, with the name of a list at the end."
ELSE = "Write {{ one if condition else other }}; other may be an empty text: ''."
NAME = "A name is of letters, digits and _, begins with a letter, and is no word of the language."
