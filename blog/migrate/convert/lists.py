"""Lists and tables: text inside text."""

from bs4.element import NavigableString, PageElement, Tag

from . import runs
from .markup import INLINE, LISTS, PLAYERS, is_hidden
from .runs import BREAK, Marks, Run
from .tables import simple_table
from .text import DEEPEST, TextWriter

DEEPEST_LIST = 4


class ListWriter(TextWriter):
    """Writes lists and tables down, with what is inside them."""

    def visit_list(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down a list. Pictures and videos in it follow below it."""
        self.end_line()
        later: list[Tag] = []
        html = self.list_html(node, marks, 1, later)
        if html:
            self.text.append(html)
        for element in later:
            self.element(element, marks, depth + 1)
        self.end_line()

    def list_html(self, node: Tag, marks: Marks, level: int, later: list[Tag]) -> str:
        """Return a list with the lists inside it."""
        items = []
        for child in node.children:
            line: list[Run] = []
            nested: list[str] = []
            self.item(child, marks, level, line, nested, later)
            html = runs.lines(line)
            if html or nested:
                items.append(f"<li>{html}{''.join(nested)}</li>")
        tag = "ol" if node.name == "ol" else "ul"
        return f"<{tag}>{''.join(items)}</{tag}>" if items else ""

    def item(
        self,
        node: PageElement,
        marks: Marks,
        level: int,
        line: list[Run],
        nested: list[str],
        later: list[Tag],
        depth: int = 0,
    ) -> None:
        """Gather what one entry of a list holds."""
        if isinstance(node, NavigableString):
            line.append(Run(str(node).replace("\xa0", " "), marks))
            return
        if not isinstance(node, Tag) or is_hidden(node):
            return
        if node.name in {"img", "table", *PLAYERS}:
            later.append(node)
        elif node.name == "br":
            line.append(Run(BREAK, marks))
        elif node.name in LISTS and level < DEEPEST_LIST:
            nested.append(self.list_html(node, marks, level + 1, later))
        elif depth > DEEPEST:
            line.append(Run(node.get_text(" "), marks))
        else:
            marks = self.marked(node, marks)
            is_block = node.name not in INLINE
            if is_block:
                line.append(Run(BREAK, marks))
            for child in node.children:
                self.item(child, marks, level, line, nested, later, depth + 1)
            if is_block:
                line.append(Run(BREAK, marks))

    def visit_table(self, node: Tag, marks: Marks, depth: int) -> None:
        """Write down a simple table as one; the cells of any other become paragraphs."""
        block = simple_table(node, self.cell_html)
        if block:
            self.add_block(block)
            return
        self.block(node, marks, depth)

    def cell_html(self, cell: Tag) -> str:
        """Return the text of a table's cell."""
        line: list[Run] = []
        self.item(cell, Marks(), DEEPEST_LIST, line, [], [])
        return runs.lines(line)
