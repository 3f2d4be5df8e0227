"""Pictures and videos."""

from bs4.element import Tag

from base.blocks.media import video_at

from .lists import ListWriter
from .markup import PLAYERS, attribute, scheme_of
from .runs import Marks, Run
from .text import DEEPEST, Picture

LONGEST_CAPTION = 200
TINY = {"0", "1", "2", "0px", "1px", "2px"}


class MediaWriter(ListWriter):
    """Writes pictures and videos down."""

    def visit_img(self, node: Tag, marks: Marks, depth: int, caption: str = "") -> None:
        """Write down a picture, unless it is one that only counts readers."""
        sizes = {attribute(node, "width").strip(), attribute(node, "height").strip()}
        names = ("data-src", "data-lazy-src", "data-original", "src")
        src = next((self.full(address) for name in names if (address := attribute(node, name))), "")
        alt = " ".join(attribute(node, "alt").split())
        caption = " ".join(caption.split())
        if not sizes & TINY and scheme_of(src) in {"http", "https", "file", "data", ""} and src:
            picture = Picture(src, alt, caption if len(caption) <= LONGEST_CAPTION else "")
            self.add_block({"type": "picture", "value": picture})
            caption = caption if len(caption) > LONGEST_CAPTION else ""
        if caption:
            self.line.append(Run(caption, marks))
            self.end_line()

    def visit_figure(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down a picture with its caption; what else a figure holds is as elsewhere."""
        pictures = [child for child in node.find_all("img") if isinstance(child, Tag)]
        caption = node.find("figcaption")
        others = node.find(["table", "blockquote", "figure", *PLAYERS])
        if len(pictures) == 1 and isinstance(caption, Tag) and not others:
            words = caption.get_text(" ")
            links = caption.find("a") is not None
            caption.extract()
            self.end_line()
            if not links:
                rest = " ".join(node.get_text(" ").split())
                self.visit_img(pictures[0], marks, depth, words)
                self.line.append(Run(rest, marks))
                self.end_line()
                return
            self.block(node, marks, depth)
            self.block(caption, marks, depth)
            return
        self.block(node, marks, depth)

    def visit_player(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down a video; what the site cannot play is a plain link to it."""
        sources = [node, *(child for child in node.find_all(True) if isinstance(child, Tag))]
        addresses = [
            self.full(attribute(source, name))
            for source in sources
            for name in ("src", "data", "data-src", "value")
            if attribute(source, name)
        ]
        web = [address for address in addresses if scheme_of(address) in {"http", "https"}]
        title = " ".join(attribute(node, "title").split())
        video = next((address for address in web if video_at(address)), "")
        if video:
            self.add_video(video, title)
        elif web:
            self.end_line()
            self.line.append(Run(title or web[0], marks._replace(href=web[0])))
            self.end_line()
        elif node.get_text().strip():
            self.children(node, marks, DEEPEST)
