"""YAML to plain data, with the line of every key. What a policy may say does not belong here.

Refused beyond broken syntax: a key given twice (the reader would drop one of them silently), and aliases (a short
file could unfold to gigabytes). Dates stay text: in a policy they are always ticket numbers or the like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]

_UNREAD_TAGS = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge"}


class Unreadable(Exception):
    """The text is no YAML that a policy can be written in. `line` counts from 1; None where no line is to blame."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """What the file says; `lines` maps paths to lines from 1; `twice` lists keys given again, with their line."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    twice: list[tuple[Path, int]] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """Line of the path, or of the nearest section around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012  (pyyaml's own way to configure a loader)
        first: [pair for pair in pairs if pair[0] not in _UNREAD_TAGS]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not read here: write it out", mark
            )
        return super().compose_node(parent, index)


def read_yaml(text: str) -> Document:
    """Read one YAML document.

    Raises:
        Unreadable: broken syntax, several documents, aliases, unknown tags, or nesting without end.

    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Document(None)
        document = Document(loader.construct_document(node))
        _note_lines(node, (), document)
    except yaml.MarkedYAMLError as err:
        mark = err.problem_mark or err.context_mark
        raise Unreadable(
            f"{err.problem or err.context}{_hint(err)}", mark.line + 1 if mark else None
        ) from err
    except yaml.reader.ReaderError as err:
        line = text.count("\n", 0, err.position) + 1 if isinstance(err.position, int) else None
        raise Unreadable("a character that YAML does not allow (a control character?)", line) from err
    except RecursionError as err:
        raise Unreadable("nested too deeply") from err
    except (ValueError, TypeError) as err:
        raise Unreadable(f"a value that cannot be read: {err}") from err
    return document


def _hint(err: yaml.MarkedYAMLError) -> str:
    return " (indent with spaces, not tabs)" if "'\\t'" in (err.problem or "") else ""


def _note_lines(node: yaml.Node, path: Path, document: Document) -> None:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            document.lines[(*path, index)] = item.start_mark.line + 1
            _note_lines(item, (*path, index), document)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*path, str(key.value))
            line = key.start_mark.line + 1
            if below in document.lines:
                document.twice.append((below, line))
            document.lines[below] = line
            _note_lines(value, below, document)
