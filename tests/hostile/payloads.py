"""What an attacker would write into a press release, and the forms a text can take."""

from __future__ import annotations

from hypothesis import strategies as st

MARKUP = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!-- --><img src=x onerror=alert(1)>",
    "]]><evil/>",
    '" onmouseover="alert(1)',
    "' style='position:fixed",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=1&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=1>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    '<base href="https://evil.example/" xml:base="https://evil.example/">',
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;",
)
HEADERS = (
    "x\r\nBcc: evil@example.org",
    "x\nBcc: evil@example.org\n\n<script>alert(1)</script>",
    "=?utf-8?q?x=0D=0ABcc:_evil@example.org?=",
    "=?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5vcmc=?=",
    "=\u200d?utf-8?q?x=0ABcc:_evil@example.org?=",
    "x\u2028Bcc: a\x85Cc: b\x0bTo: c\x0cd\x1ce",
    "\r\n.\r\nMAIL FROM:<evil@example.org>",
)
INVISIBLE = (
    "a\u202eb\u2066c\u2069d\u200be\ufefff\u00adg",
    "a\x00b\x07c\x7fd\x80e\x9b2Jf",
    "a\ud800b\udfffc\ufffe\uffff",
    "\x1b[2J\x1b]0;evil\x07\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "a" + "\u0301" * 200,
    "\U000e0041\U000e0042\ue000",
)
TEMPLATES = (
    "{{7*7}}",
    "{% for x in y %}",
    "{0.__class__} %s %(x)s $NAME ${7*7} #{7*7}",
    "{{DATE(2020-01-01T00:00:00Z)}}",
)
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "＝1+1",
    'x;=HYPERLINK("https://evil.example")',
    'x";"=1+1',
)
SQL = ("'; drop table items; --", '" OR 1=1 --', "a]b`c", "NEAR(a, b) AND title:* ^ NOT", '"')
CHAT = (
    "<!channel> <!here|x> <@U012AB3CD> <#C1>",
    "@all @channel @here",
    "[x](javascript:alert(1)) ![y](https://evil.example/z)",
    "<https://evil.example|Ministerium>",
    "*fett* _kursiv_ ~weg~ `code` ```",
)
LONG = ("x" * 10_000, "ä" * 10_000, "wort " * 2_000, "<" * 5_000)
PAYLOADS = (*MARKUP, *HEADERS, *INVISIBLE, *TEMPLATES, *FORMULAS, *SQL, *CHAT, *LONG)

# Addresses that must never become a link.
NO_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "https://ministerium.example@evil.example/",
    "http://user:pass@evil.example/",
    "https://evil.example\\@ministerium.example/",
    "https://[::1",
    "//",
)
# Addresses that are links and try to end what they stand in.
LINKS = (
    'https://example.org/"><script>alert(1)</script>',
    "https://example.org/)[evil](https://evil.example",
    "https://example.org/|evil>",
    "https://example.org/'onclick='alert(1)",
    "https://example.org/%0d%0aBcc:evil",
    "https://example.org/`x`*y*_z_",
    "https://example.org/?a=1&b=2#{{7*7}}",
)

# st.text() leaves lone surrogates out unless told otherwise.
anything = st.text(st.characters(codec=None), max_size=60)
hostile = (
    st.sampled_from(PAYLOADS)
    | anything
    | st.text(alphabet="<>&\"'/ =!-ab{}%\r\n\t\x1b\x9b|;,@+?_*`[]()", max_size=40)
    | st.builds("".join, st.tuples(anything, st.sampled_from(PAYLOADS), anything))
)
addresses = (
    st.sampled_from(NO_LINKS + LINKS)
    | st.builds("https://example.org/{}".format, anything)
    | st.builds("{}:{}".format, anything, anything)
)
