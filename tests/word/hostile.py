"""Templates that nobody means well with, and odd ones that somebody does, built by the tests.

Each has a name, the file, and whether it may be used.
"""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass

from tests.word.templates import R, cell, p, packed, raw, run, story, table, template

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXTERNAL = '<Relationship Id="x" Type="{r}/{kind}" Target="{target}" TargetMode="External"/>'
INTERNAL = '<Relationship Id="x" Type="{r}/{kind}" Target="{target}"/>'


@dataclass(frozen=True)
class Sample:
    """usable: None when either answer will do, as long as it is given."""

    name: str
    content: bytes
    usable: bool | None = False


def field(code: str, result: str = "x") -> str:
    """A field of Word, in runs."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def box(*paragraphs: str) -> str:
    """A run with a text box, in both its forms."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        '<wp:docPr id="1" name="b"/><a:graphic><a:graphicData uri="u"><wps:wsp><wps:txbx>'
        f"{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def drawing(attributes: str) -> str:
    """A run with a picture."""
    inline = f'<wp:inline><wp:docPr id="1" {attributes}/></wp:inline>'
    return f"<w:r><w:drawing>{inline}</w:drawing></w:r>"


def relation(kind: str, target: str, *, external: bool = True) -> str:
    return (EXTERNAL if external else INTERNAL).format(r=R, kind=kind, target=target)


NAMED = p("Party {{ name }}")


def files() -> list[Sample]:
    """What is no Word file, or not one that may be opened."""
    good = template("{{ name }}")
    huge = b"<w:document>" + b"a" * 90_000_000
    document = "word/document.xml"
    return [
        Sample("empty", b""),
        Sample("text", b"Dear {{ name }},"),
        Sample("old_word", OLE2 + b"\0" * 5000),
        Sample(
            "password", OLE2 + b"\0" * 800 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
        ),
        Sample("zip", packed({"a.txt": "{{ name }}"})),
        Sample("no_entries", packed({})),
        Sample("truncated", good[: len(good) // 2]),
        Sample("truncated_at_end", good[:-10]),
        Sample(
            "flipped", bytes(b ^ 0x55 if i in range(400, 440) else b for i, b in enumerate(good))
        ),
        Sample("hundred_megabytes", b"PK\x03\x04" + b"\0" * 100_000_000),
        Sample("bomb", packed({"[Content_Types].xml": "<Types/>", document: huge})),
        Sample("bomb_that_lies", lying(packed({"[Content_Types].xml": "<T/>", document: huge}))),
        Sample("many_entries", packed({f"{number}.xml": "<a/>" for number in range(3000)})),
        Sample("climbs", packed({"../../evil.xml": "<a/>", "[Content_Types].xml": "<a/>"})),
        Sample("macros_by_type", raw(NAMED, main="document.macroEnabled.main")),
        Sample("dotx", raw(NAMED, main="template.main")),
        Sample("macros", macros()),
        Sample("no_xml", raw(NAMED, parts={"word/header1.xml": "<w:hdr>"})),
        Sample("doctype", raw(NAMED, parts={"word/header1.xml": XXE})),
        Sample("laughs", raw(NAMED, parts={"word/settings.xml": LAUGHS})),
        Sample("utf_16", raw(parts={document: in_utf_16()}), None),
        Sample(
            "other_encoding", raw(parts={document: b'<?xml version="1.0" encoding="utf-7"?><a/>'})
        ),
        Sample("deep", raw("<w:p>" * 5000 + "</w:p>" * 5000)),
        Sample("no_body", raw(parts={document: "<w:document/>"})),
        Sample("noise", random.Random(1).randbytes(20_000)),
        Sample("zip_of_noise", packed({document: random.Random(2).randbytes(20_000)})),
    ]


XXE = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:hdr>&e;</w:hdr>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
)


def lying(content: bytes) -> bytes:
    """The directory says that each part is small."""
    return content.replace((90_000_012).to_bytes(4, "little"), (500).to_bytes(4, "little"))


def macros() -> bytes:
    return raw(
        NAMED,
        parts={"word/vbaProject.bin": OLE2},
        relations='<Relationship Id="v" Type="http://schemas.microsoft.com/office/2006/'
        'relationships/vbaProject" Target="vbaProject.bin"/>',
    )


def in_utf_16() -> bytes:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<w:document xmlns:w="{w}"><w:body>{NAMED}</w:body></w:document>'
    return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")


def brought_along() -> list[Sample]:
    """What a Word file may not bring along."""
    ins = f'<w:ins w:id="1" w:author="x">{run("added")}</w:ins>'
    hidden = run("secret clause", "<w:rPr><w:vanish/></w:rPr>")
    style = story("styles", '<w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>')
    return [
        Sample("tracked_insertion", raw(p("Party {{ name }}", ins))),
        Sample("tracked_deletion", raw(p("{{ name }}", f"<w:del>{deleted('gone')}</w:del>"))),
        Sample("tracked_format", raw(p(run("{{ name }}", "<w:rPr><w:rPrChange/></w:rPr>")))),
        Sample("tracked_row", raw(NAMED, table(("a",)).replace("<w:tc>", f"{ROW}<w:tc>"))),
        Sample("comment", raw(p("{{ name }}", '<w:r><w:commentReference w:id="0"/></w:r>'))),
        Sample("loose_comment", raw(NAMED, parts={"word/comments.xml": COMMENT})),
        Sample("hidden", raw(p("{{ name }}", hidden))),
        Sample(
            "hidden_by_style",
            raw(
                p(run("{{ name }}", '<w:rPr><w:rStyle w:val="H"/></w:rPr>')),
                parts={"word/styles.xml": style},
            ),
        ),
        Sample("ole", raw(NAMED, p('<w:r><w:object><o:OLEObject r:id="x"/></w:object></w:r>'))),
        Sample(
            "embedded",
            raw(
                NAMED,
                parts={"word/embeddings/a.bin": b"PK\x03\x04"},
                relations=relation("package", "embeddings/a.bin", external=False),
            ),
        ),
        Sample("activex", raw(NAMED, p("<w:r><w:control/></w:r>"))),
        Sample("alt_chunk", raw(NAMED, '<w:altChunk r:id="x"/>')),
        Sample("sub_document", raw(NAMED, '<w:subDoc r:id="x"/>')),
        Sample("remote_template", raw(NAMED, relations=relation("attachedTemplate", "http://x/a"))),
        Sample("remote_picture", raw(NAMED, relations=relation("image", "http://x/a.png"))),
        Sample("remote_frame", raw(NAMED, relations=relation("frame", "http://x/a"))),
        Sample("file_link", raw(NAMED, relations=relation("hyperlink", "file:///etc/passwd"))),
        Sample("share_link", raw(NAMED, relations=relation("hyperlink", r"\\host\share"))),
        Sample("script_link", raw(NAMED, relations=relation("hyperlink", "javascript:x"))),
        Sample("program_link", raw(NAMED, relations=relation("hyperlink", "run.exe"))),
        Sample("tag_link", raw(NAMED, relations=relation("hyperlink", "http://x/%7B%7Ba%7D%7D"))),
        Sample("web_link", raw(NAMED, relations=relation("hyperlink", "https://x.org")), True),
        Sample("mail_link", raw(NAMED, relations=relation("hyperlink", "mailto:a@x.org")), True),
        Sample(
            "vml_source", raw(NAMED, p('<w:r><w:pict><v:imagedata src="http://x"/></w:pict></w:r>'))
        ),
        Sample("dde", raw(NAMED, p(field(r'DDEAUTO c:\\x.exe "a"')))),
        Sample("dde_split", raw(NAMED, p(field('D</w:instrText><w:instrText>DE "x"')))),
        Sample("dde_quoted", raw(NAMED, p(quoted()))),
        Sample("include_text", raw(NAMED, p(field('INCLUDETEXT "/etc/passwd"')))),
        Sample("include_picture", raw(NAMED, p(field('includepicture "http://x/a.png"')))),
        Sample("field_link", raw(NAMED, p(field('HYPERLINK "file:///x"')))),
        Sample("simple_field", raw(NAMED, p('<w:fldSimple w:instr=" LINK x "/>'))),
        Sample("macro_button", raw(NAMED, p(field("MACROBUTTON Run Click")))),
        Sample("field_with_tag", raw(NAMED, p(field('HYPERLINK "https://x/{{ a }}"')))),
        Sample("page_number", raw(NAMED, p(field(" PAGE "))), True),
        Sample("mail_merge", raw(NAMED, parts={"word/settings.xml": MERGE})),
        Sample("mail_merge_field", raw(NAMED, p(field("MERGEFIELD Name", "«Name»")))),
        Sample(
            "add_in",
            raw(NAMED, relations=relation("webextensiontaskpanes", "t.xml", external=False)),
        ),
    ]


ROW = "<w:trPr><w:ins w:id='3'/></w:trPr>"
COMMENT = story("comments", f"<w:comment w:id='0'>{p('Is this right?')}</w:comment>")
MERGE = story("settings", "<w:mailMerge><w:query w:val='SELECT'/></w:mailMerge>")


def deleted(text: str) -> str:
    return f"<w:r><w:delText>{text}</w:delText></w:r>"


def quoted() -> str:
    """The code of a field is spelled in numbers by a field within it."""
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    return begin + field("QUOTE 68 68 69", "DDE") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def tags() -> list[Sample]:
    """Tags: what they must not say, and how oddly they may be written all the same."""
    bad = [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os.popen('x') }}",
        "{{ lipsum.__globals__ }}",
        "{{ self }}",
        "{{ name|attr('__class__') }}",
        "{{ name|safe }}",
        "{{ '%s'|format(name) }}",
        "{{ name|xml }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 2 ** 999999999 }}",
        "{{ name.upper() }}",
        "{{ range(9) }}",
        "{{ name name }}",
        "{{ first-name }}",
        "{{ name. }}",
        "{{ }}",
        "{{ name",
        "name }}",
        "{% if name %}",
        "{% endif %}",
        "{% if name = 'x' %}a{% endif %}",
        "{% if name == 'x %}a{% endif %}",
        "{% if name %}a{% else %}b{% else %}c{% endif %}",
        "{% for x in name.items() %}{% endfor %}",
        "{% for a, b in names %}{% endfor %}",
        "{% for x in range(1000000000) %}{% endfor %}",
        "{% for x in names recursive %}{% endfor %}",
        "{% set x = name %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% call m() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% raw %}{{ x }}{% endraw %}",
        "{% block x %}{% endblock %}",
        "{% with x = 1 %}{% endwith %}",
        "{% autoescape false %}{{ name }}{% endautoescape %}",
        "{% do x %}",
        "{% debug %}",
        "{%pif name %}a{%p endif %}",
        "{% p if name %}a{% endif %}",
        "{{ {{ name }} }}",
        "{{ '{{' }}",
        "{% if name %}{{ name }",
        "{{ namespace(x=1) }}",
        "{{ loop.cycle('a', 'b') }}",
        "{{ " + "(" * 5000 + "name" + ")" * 5000 + " }}",
        "{{ " + "not " * 3000 + "name }}",
        "{% if name %}" * 200 + "x" + "{% endif %}" * 200,
        "{{ name }} {date}",
        "{{ name }} «Date»",
        "{{ _name }}",
        "{{ name[other] }}",
        "{{ name|default(other) }}",
        "{{ [name] }}",
        "{{ name }} {{ name.x }}",
        "{% if (name, other) %}x{% endif %}",
        "{% for x in names %}{{ x }}{% endfor %}{{ names }}",
    ]
    good = [
        "{{ name }}",
        "{{name}}",
        "{{\u00a0name\u00a0}}",
        "{{ name|upper|trim }}",
        "{{ name|default('none') }}",
        "{{ names|join(', ') }}",
        "{{ d.items }} {{ d.keys }} {{ d.get }} {{ d.pop }} {{ d.update }}",
        "{{ d['items'] }}",
        "{% if name == “x” %}a{% else %}b{% endif %}",
        "{% if days > 3 and (name or not d.x) %}a{% elif days in [1, 2] %}b{% endif %}",
        "{% for x in names %}{{ loop.index }}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}",
        "{% for x in names if x != 'a' %}{{ x }}{% else %}none{% endfor %}",
        "{{ 'yes' if flag else 'no' }}",
        "a {%- if flag -%} b {%- endif %} c",
        "{# a note #}{{ name }}",
        "{{ niño }} {{ 名前 }}",
        "{{ name }} {_{ literal }_}",
        "# line statement\n{{ name }}",
        "{{r name }}",
        "{%r if flag %}{{ name }}{%r endif %}",
        "100% {{ name }} 50%",
        "a { 1 } c {{ name }}",
        "{{ names|map(attribute='x')|join('; ') }}",
        "{% if flag is defined %}a{% endif %}{{ name }}",
    ]
    return [
        *(Sample(f"bad tag: {text[:60]}", raw(p(escaped(text)))) for text in bad),
        *(Sample(f"tag: {text[:60]}", raw(p(escaped(text))), True) for text in good),
        Sample("five_thousand_tags", raw(*[p("{{ a }} {{ b.c }}")] * 2500), True),
        Sample(
            "ten_thousand_paragraphs", raw(*[p("A clause of this paper.")] * 10_000, NAMED), True
        ),
    ]


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def places() -> list[Sample]:
    """Tags in odd places and torn to pieces."""
    link = '<w:hyperlink w:anchor="a">{}</w:hyperlink>'
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    loop = ("{%tr for x in names %}", "{{ x }}", "{%tr endfor %}")
    rows = [f"<w:tr>{cell(text)}</w:tr>" for text in loop]
    wrapped = f"<w:tbl><w:tblGrid/>{rows[0]}{control.format('', rows[1])}{rows[2]}</w:tbl>"
    proofed = '<w:proofErr w:type="x"/>'
    bookmark = '<w:bookmarkStart w:id="1" w:name="b"/><w:bookmarkEnd w:id="1"/>'
    return [
        Sample("split_runs", raw(p(*"{{ name }}")), True),
        Sample("split_by_marks", raw(p("{{ na", proofed, "m", bookmark, "e }}")), True),
        Sample("split_by_break", raw(p("{{ name", "<w:r><w:br/></w:r>", " }}")), True),
        Sample("split_by_tab", raw(p("{{", "<w:r><w:tab/></w:r>", "name }}")), True),
        Sample("torn_by_link", raw(p("{{ na", link.format(run("me }} on"))))),
        Sample(
            "through_smart_tag",
            raw(p("{{ na", f"<w:smartTag>{run('me')}</w:smartTag>", " }}")),
            True,
        ),
        Sample(
            "if_into_smart_tag",
            raw(p("{% if a %}", f"<w:smartTag>{run('me {% endif %}')}</w:smartTag>")),
        ),
        Sample("torn_by_control", raw(p("{{ na", control.format("", run("me }} on"))))),
        Sample("torn_by_field", raw(p("{{ na", field("PAGE", "me }}")))),
        Sample("within_link", raw(p(link.format(run("{{ name }}")))), True),
        Sample(
            "within_control",
            raw(p(control.format("<w:alias w:val='a'/>", run("{{ name }}")))),
            True,
        ),
        Sample("two_paragraphs", raw(p("{{ na"), p("me }}"))),
        Sample("text_box", raw(p("A", box(p("{{ name }}")))), True),
        Sample(
            "loop_in_text_box",
            raw(p(box(p("{% for x in names %}"), p("{{ x }}"), p("{% endfor %}")))),
            True,
        ),
        Sample(
            "loop_around_text_box",
            raw(p("{% for x in names %}"), p(box(p("{{ x }}"))), p("{% endfor %}")),
            True,
        ),
        Sample("loop_into_text_box", raw(p("{% for x in names %}", box(p("{% endfor %}"))))),
        Sample("rows", raw(table(*((text,) for text in loop))), True),
        Sample("rows_in_control", raw(wrapped), True),
        Sample("both_in_one_row", raw(table(("{%tr for x in names %}", "{%tr endfor %}")))),
        Sample(
            "row_with_words",
            raw(table(("{%tr for x in names %} a",), ("{{ x }}",), ("{%tr endfor %}",))),
        ),
        Sample(
            "plain_loop_over_cells", raw(table(("{% for x in names %}", "{{ x }}", "{% endfor %}")))
        ),
        Sample(
            "plain_loop_in_cell", raw(table(("{% for x in names %}{{ x }}{% endfor %}", "b"))), True
        ),
        Sample("cells", raw(table(("{%tc for x in names %}", "{{ x }}", "{%tc endfor %}"))), True),
        Sample("nested_table", raw(table((table(*((text,) for text in loop)) + p(""), "b"))), True),
        Sample("row_in_no_table", raw(p("{%tr for x in names %}"), p("{%tr endfor %}"))),
        Sample("paragraph_with_words", raw(p("{%p if a %} lost"), p("x"), p("{%p endif %}"))),
        Sample("mixed", raw(p("{%p if a %} "), p("x"), p("y {% endif %}"))),
        Sample(
            "whole_cell",
            raw(table(("{%p if a %}",)).replace("</w:tc>", p("x") + p("{%p endif %}") + "</w:tc>")),
            True,
        ),
        Sample("header", raw(p("a"), parts={"word/header1.xml": story("hdr", NAMED)}), True),
        Sample(
            "footnotes",
            raw(
                p("a"),
                parts={
                    "word/footnotes.xml": story("footnotes", f"<w:footnote>{NAMED}</w:footnote>")
                },
            ),
            True,
        ),
        Sample(
            "endnotes",
            raw(
                p("a"),
                parts={"word/endnotes.xml": story("endnotes", f"<w:endnote>{NAMED}</w:endnote>")},
            ),
            True,
        ),
        Sample(
            "alt_text",
            raw(p(drawing('name="x" descr="{{ name }}"'))),
            True,
        ),
        Sample(
            "other_attribute",
            raw(p(drawing('name="{{ name }}"'))),
        ),
        Sample("custom_xml", raw(NAMED, parts={"customXml/item1.xml": "<a>{{ name }}</a>"})),
        Sample(
            "settings",
            raw(NAMED, parts={"word/settings.xml": story("settings", '<w:x w:val="{{ a }}"/>')}),
        ),
        Sample("math", raw(p("{{ name }}", "<m:oMath><m:r><m:t>{{ a }}</m:t></m:r></m:oMath>"))),
        Sample("right_to_left", raw(p(run("{{ name }} שלום", "<w:rPr><w:rtl/></w:rPr>"))), True),
        Sample("bidi_in_tag", raw(p("{{ \u202ename\u202c }}")), True),
        Sample("soft_hyphen", raw(p("{{ na\u00adme }}")), True),
        Sample("noncharacter", raw(p("{{ name }} \ufdd00\ufdd1"))),
        Sample(
            "bookmark_in_loop",
            raw(
                p("{% for c in names %}"),
                p(
                    '<w:bookmarkStart w:id="{{ c.n }}" w:name="clause_{{ c.id }}"/>',
                    "{{ c.text }}",
                    '<w:bookmarkEnd w:id="{{ c.n }}"/>',
                ),
                p("{% endfor %}"),
            ),
            True,
        ),
        Sample("no_tags", raw(p("Only words."))),
        Sample("underscores", raw(p("Between ____ and ____"))),
        Sample("other_prefix", other_prefix(), True),
        Sample(
            "no_table_grid",
            raw(
                table(("{{ name }}",))
                .replace("<w:tblGrid>", "<w:x>")
                .replace("</w:tblGrid>", "</w:x>")
            ),
            True,
        ),
    ]


def other_prefix() -> bytes:
    """A file by a program that calls Word's names differently."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "<n:body><n:p><n:r><n:t>{{ name }}</n:t></n:r></n:p></n:body>"
    return raw(parts={"word/document.xml": f'<n:document xmlns:n="{w}">{body}</n:document>'})


@functools.cache
def samples() -> tuple[Sample, ...]:
    """All of them."""
    return (*files(), *brought_along(), *tags(), *places())
