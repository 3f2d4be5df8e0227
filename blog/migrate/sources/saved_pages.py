import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag

from ..text import clean, decode, plain
from .dates import parse_date
from .items import BadItem, SourcePost, short_id

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
UNSEEN = ["script", "style", "noscript", "template", "head"]
BYLINE = re.compile(
    r"by\s+(?P<name>[^\n]{1,100}?),?\s+(?:on\s+)?"
    r"(?P<date>(?:[A-Za-z]{3,9}\s+\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}),?\s+\d{4}"
    r"(?:,?\s+(?:at\s+)?\d{1,2}:\d{2}\s*(?:[ap]m)?)?)",
    re.IGNORECASE,
)
LONGEST_BYLINE = 160
BOILERPLATE = re.compile(
    r"(?:(?:add|leave|post) a (?:comment|reply)|\* ?required(?: fields?)?|welcome to my blog|"
    r"(?:web|rss|atom) feed|(?:no |\d+ )?comments?(?: yet)?(?: ?\(\d+\))?|share this(?: post)?|"
    r"(?:older|newer|previous|next) posts?|back to (?:the )?(?:blog|top)|powered by .{1,40})[.:!]?",
    re.IGNORECASE,
)
LONGEST_BOILERPLATE = 60
PROLOG = re.compile(r"\A\s*<\?xml[^>]*>")
SAVED_FROM = re.compile(r"saved from url=\(\d+\)(?P<url>https?://\S+)")
NO_POST = "No post was found in this page."


def read_page(data: bytes, name: str, address: str = "") -> Iterator[SourcePost | BadItem]:
    """Read the posts of a saved page. `name` is the file's, relative to the folder or archive.

    A post of the old blog begins with its title and “By NAME, May 3 2019 06:43AM”. Other pages
    are asked for the marks that most blogs give their posts.
    """
    soup = _soup(data)
    address = address or _address(soup)
    base = address or f"file:///{name}"
    if isinstance(soup.base, Tag) and soup.base.get("href"):
        base = urljoin(base, str(soup.base["href"]))
    bylines = [byline for byline in soup.find_all(_is_byline) if isinstance(byline, Tag)]
    posts = [_old_post(soup, byline, bylines) for byline in bylines]
    if not posts:
        posts = [post for post in [_marked_post(soup)] if post]
    if not posts:
        yield BadItem(name, NO_POST)
    for number, (title, author, date, html, link) in enumerate(posts, 1):
        own = urljoin(base, link) if link else ("" if len(posts) > 1 else address)
        path = urlsplit(base).path if len(posts) == 1 and not own else ""
        yield SourcePost(
            source_id=short_id(own or (name if len(posts) == 1 else f"{name}#{number} {title}")),
            title=title,
            html=html,
            author=author,
            published=parse_date(date),
            address=own or path,
            base=base,
        )


def find_feed(data: bytes, address: str) -> str:
    """Return the address of the feed that a page names, or nothing."""
    soup = _soup(data)
    for link in soup.find_all("link", rel="alternate"):
        if re.search(r"application/(?:rss|atom)\+xml", str(link.get("type", ""))):
            return urljoin(address, str(link.get("href", "")))
    return ""


def _soup(data: bytes) -> BeautifulSoup:
    """Parse a page. XHTML is parsed as what it was in browsers: HTML."""
    return BeautifulSoup(PROLOG.sub("", clean(decode(data)), count=1), "lxml")


def _address(soup: BeautifulSoup) -> str:
    """Return where the page says that it was."""
    link = soup.find("link", rel="canonical")
    if isinstance(link, Tag) and str(link.get("href", "")).startswith("http"):
        return str(link["href"])
    if (url := _meta(soup, "og:url")).startswith("http"):
        return url
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        if match := SAVED_FROM.search(str(comment)):
            return match["url"]
    return ""


def _meta(soup: BeautifulSoup, *names: str) -> str:
    for name in names:
        for key in ("property", "name"):
            found = soup.find("meta", attrs={key: name})
            if isinstance(found, Tag) and found.get("content"):
                return str(found["content"]).strip()
    return ""


def _words(element: PageElement) -> str:
    return " ".join(element.get_text(" ").split())


def _is_byline(tag: Tag) -> bool:
    """Whether the element says who wrote a post and when, and none inside it says so alone."""
    if tag.name in {*UNSEEN, "body", "html", "title"}:
        return False
    words = _words(tag)
    if len(words) > LONGEST_BYLINE or not BYLINE.fullmatch(words):
        return False
    children = [child for child in tag.children if isinstance(child, Tag)]
    return not any(BYLINE.fullmatch(_words(child)) for child in children)


def _old_post(
    soup: BeautifulSoup, byline: Tag, bylines: list[Tag]
) -> tuple[str, str, str, str, str]:
    match = BYLINE.fullmatch(_words(byline))
    if match is None:
        raise ValueError(byline)
    heading = byline.find_previous(HEADINGS)
    title, link = "", ""
    if isinstance(heading, Tag):
        title = plain(str(heading))
        anchor = heading.find("a", href=True)
        link = str(anchor["href"]) if isinstance(anchor, Tag) else ""
    others = [other for other in bylines if other is not byline]
    ends = [other.find_previous(HEADINGS) for other in others]
    stops = {id(stop) for stop in [*others, *ends] if stop is not None and stop is not heading}
    html = _until_boilerplate(_body_after(byline, stops))
    return title or _page_title(soup), match["name"].strip(), match["date"], html, link


def _page_title(soup: BeautifulSoup) -> str:
    return plain(_meta(soup, "og:title") or (soup.title.get_text() if soup.title else ""))


def _body_after(byline: Tag, stops: set[int]) -> list[PageElement]:
    """Return what follows a byline at the first level where anything does."""
    node: Tag | None = byline
    while node is not None and node.name not in {"body", "html", "[document]"}:
        found: list[PageElement] = []
        for sibling in node.next_siblings:
            inside = [sibling, *sibling.find_all(True)] if isinstance(sibling, Tag) else []
            if any(id(element) in stops for element in inside):
                break
            found.append(sibling)
        if any(_words(element) for element in found if not isinstance(element, Comment)):
            return found
        node = node.parent
    return []


def _until_boilerplate(elements: list[PageElement]) -> str:
    """Return the HTML up to the first words that belong to the blog and not to the post."""
    inside = "".join(_as_html(element) for element in elements)
    fragment = BeautifulSoup(f"<div>{inside}</div>", "html.parser")
    for tag in fragment.find_all(UNSEEN):
        tag.decompose()
    for text in fragment.find_all(string=True):
        if text.parent is None or isinstance(text, Comment):
            continue
        element = _smallest_block(text)
        words = _words(element)
        if words and len(words) <= LONGEST_BOILERPLATE and BOILERPLATE.fullmatch(words):
            for later in [*element.find_all_next(True), *element.find_all_next(string=True)]:
                later.extract()
            element.extract()
            break
    return str(fragment)


def _smallest_block(text: NavigableString) -> PageElement:
    """Return the element around the text that holds nothing else."""
    element: PageElement = text
    while element.parent and element.parent.parent and _words(element.parent) == _words(element):
        element = element.parent
    return element


def _as_html(element: PageElement) -> str:
    if isinstance(element, Comment):
        return ""
    return (
        element.output_ready(formatter="minimal")
        if isinstance(element, NavigableString)
        else str(element)
    )


def _marked_post(soup: BeautifulSoup) -> tuple[str, str, str, str, str] | None:
    """Read a page whose post is marked up as such: an article with a title and a date."""
    body = soup.find("article") or soup.find("main") or soup.find(class_="entry-content")
    time = soup.find("time", datetime=True)
    date = _meta(soup, "article:published_time", "date") or (
        str(time["datetime"]) if isinstance(time, Tag) else ""
    )
    if not isinstance(body, Tag) or not date:
        return None
    heading = body.find("h1") or soup.find("h1")
    title = plain(heading.get_text()) if heading else _page_title(soup)
    for tag in body.find_all(["nav", "header", "footer", "form", "aside", "h1"]):
        if not tag.decomposed:
            tag.decompose()
    return title, _meta(soup, "author", "article:author"), date, _until_boilerplate([body]), ""
