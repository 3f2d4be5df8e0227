"""Old posts that hold payloads wherever a source can hold words."""

from collections.abc import Callable
from itertools import count
from xml.sax.saxutils import escape

from base.text import printable
from tests.blog.migrate.sources import feed


def xml(text: str) -> str:
    return escape(printable(text))


def rss(payload: str, number: int) -> str:
    p = xml(payload)
    return (
        f"<item><title>{number} {p}</title><link>http://old.example.org/{number}</link>"
        f"<guid>{number}</guid><dc:creator>{p}</dc:creator><category>{p}</category>"
        f"<description>A summary. {p}</description>"
        f"<content:encoded>{xml(body(payload))}</content:encoded></item>"
    )


def atom(payload: str, number: int) -> str:
    p = xml(payload)
    return (
        f"<entry><title type='html'>{number} {p}</title><id>{number}</id>"
        f"<link href='http://old.example.org/{number}'/><author><name>{p}</name></author>"
        f"<category term='{escape(p, {chr(39): '&apos;'})}'/><summary type='html'>A summary. {p}"
        f"</summary><content type='html'>{xml(body(payload))}</content></entry>"
    )


def wordpress(payload: str, number: int) -> str:
    p = xml(payload)
    return (
        f"<item><title>{number} {p}</title><link>http://old.example.org/{number}</link>"
        f"<guid>{number}</guid><dc:creator>{p}</dc:creator><category>{p}</category>"
        f"<content:encoded>{xml(body(payload))}</content:encoded>"
        "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
        f"<wp:comment><wp:comment_author>{p}</wp:comment_author><wp:comment_content>{p}"
        "</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment></item>"
    )


def page(payload: str, number: int, author: str = "Ann") -> str:
    return (
        f"<html><head><title>{payload}</title></head><body><div><h2>{number} {payload}</h2>"
        f"<p>By {author}, May 3 2019 06:43AM</p>{body(payload)}</div></body></html>"
    )


def body(payload: str) -> str:
    """The payload in every place where a post's text can hold one."""
    return (
        f"<p>Before {payload} after</p><h2>{payload}</h2><ul><li>{payload}</li></ul>"
        f"<blockquote cite='javascript:alert(1)'>{payload}<cite>{payload}</cite></blockquote>"
        f"<table><tr><th>{payload}</th><th>b</th></tr><tr><td>{payload}</td><td>d</td></tr></table>"
        f"<figure><img src='http://127.0.0.1/x.png' alt='a'><figcaption>{payload}</figcaption>"
        f"</figure>{payload}"
    )


NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
FORMATS: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "rss": lambda payloads: {"feed.xml": feed(*map(rss, payloads, count()))},
    "atom": lambda payloads: {
        "feed.xml": '<feed xmlns="http://www.w3.org/2005/Atom">'
        + "".join(map(atom, payloads, count()))
        + "</feed>"
    },
    "wordpress": lambda payloads: {
        "export.xml": f'<rss xmlns:wp="http://wordpress.org/export/1.2/" {NAMESPACES}><channel>'
        + "".join(map(wordpress, payloads, count()))
        + "</channel></rss>"
    },
    "pages": lambda payloads: {
        f"{number}-{kind}.html": page(payload, number, author)
        for number, payload in enumerate(payloads)
        for kind, author in (("plain", "Ann"), ("author", f"Ann {payload}"))
    },
}
