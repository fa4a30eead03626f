"""What an expression of scanned code stands for: names of events, or nobody knows.

Expressions are followed through attributes, typed events, conditions and variables of
the same function or module; what goes further is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from mixpanel_schema.usage_declarations import Declarations, last_part, text_of

__all__ = ["EventNames", "Scope"]

DEEPEST = 8

Expressions = list[ast.expr | None]
Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


class EventNames:
    """Resolves the expressions of one file.

    Attributes:
        known: What all scanned files declare.
    """

    def __init__(self, known: Declarations, tree: ast.Module) -> None:
        self.known = known
        self.scopes: list[dict[str, Expressions]] = []
        self.original = {
            name.asname or name.name: name.name
            for statement in ast.walk(tree)
            if isinstance(statement, ast.ImportFrom)
            for name in statement.names
        }

    @contextmanager
    def within(self, node: Scope) -> Iterator[None]:
        """Know a body's variables; a parameter hides an outer variable."""
        scope: dict[str, Expressions] = {}
        if not isinstance(node, ast.Module):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            scope.update((parameter.arg, [None]) for parameter in given)
        for statement in own_statements(node):
            for name, value in assignments(statement):
                scope.setdefault(name, []).append(value)
        self.scopes.append(scope)
        yield
        self.scopes.pop()

    def named(self, name: str) -> str:
        """Give the name that something was imported by."""
        return self.original.get(name, name)

    def members(
        self, owner: str, attribute: str, known: dict[str, set[str]]
    ) -> set[str]:
        """Give the names that an attribute stands for, its class's alone if known."""
        names = known.get(attribute, set())
        exact = self.known.classes.get(owner, {}).get(attribute)
        return {exact} if exact in names else names

    def resolve(self, node: ast.expr, depth: int = 0) -> set[str] | None:
        """Give the names that an expression may stand for; None if that is unknown."""
        if text_of(node):
            return {text_of(node)}
        if isinstance(node, ast.JoinedStr):
            return {template(node)}
        if isinstance(node, ast.Call):
            return self.resolve_call(node, depth)
        if isinstance(node, ast.Attribute):
            return self.resolve_attribute(node, depth)
        if isinstance(node, ast.Name) and self.named(node.id) in self.known.typed:
            return {self.known.typed[self.named(node.id)].event}
        return self.all_of(self.choices(node), depth)

    def choices(self, node: ast.expr) -> Expressions:
        """List the expressions one of which gives the value of another."""
        if isinstance(node, ast.Name):
            return self.values(node.id)
        if isinstance(node, ast.IfExp):
            return [node.body, node.orelse]
        if isinstance(node, ast.BoolOp):
            return [*node.values]
        return [node.value] if isinstance(node, ast.NamedExpr) else []

    def all_of(self, choices: Expressions, depth: int) -> set[str] | None:
        """Put the names of several expressions together; None if one is unknown."""
        names: set[str] = set()
        for choice in choices:
            known = None if choice is None or depth > DEEPEST else choice
            more = None if known is None else self.resolve(known, depth + 1)
            if more is None:
                return None
            names |= more
        return names or None

    def resolve_call(self, node: ast.Call, depth: int) -> set[str] | None:
        """Resolve ``Event("…")`` and ``PlanUpgraded(…)``."""
        called = self.named(last_part(node.func))
        if called == "Event" and node.args:
            return self.resolve(node.args[0], depth + 1)
        typed = self.known.typed.get(called)
        return {typed.event} if typed is not None and typed.event else None

    def resolve_attribute(self, node: ast.Attribute, depth: int) -> set[str] | None:
        """Resolve ``Events.site_deployed``, and ``.name`` of it."""
        owner = self.named(last_part(node.value))
        names = self.members(owner, node.attr, self.known.events)
        if names:
            return names
        if node.attr in {"name", "__event__"}:
            return self.resolve(node.value, depth + 1)
        typed = self.known.typed.get(node.attr)
        return {typed.event} if typed is not None and typed.event else None

    def missing(self, node: ast.AST | None) -> tuple[str, str] | None:
        """Give the class and the attribute in ``Events.mistyped``; else None.

        Only a class all of whose bases were seen is known to lack an attribute.
        """
        if isinstance(node, ast.Attribute) and node.attr in {"name", "__event__"}:
            node = node.value
        if not isinstance(node, ast.Attribute):
            return None
        value = node.value.func if isinstance(node.value, ast.Call) else node.value
        owner = self.named(last_part(value))
        held = self.known.attributes_of(owner) if owner in self.known.classes else None
        return None if held is None or node.attr in held else (owner, node.attr)

    def values(self, name: str) -> Expressions:
        """Give what is assigned to a variable where it is visible."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return []


def own_statements(node: ast.AST) -> list[ast.AST]:
    """List what stands in a body, leaving out the bodies of functions in it."""
    found: list[ast.AST] = []
    waiting = [*ast.iter_child_nodes(node)]
    while waiting:
        child = waiting.pop(0)
        found.append(child)
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(child))
    return found


def assignments(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    """List the variables that a statement assigns, with None for a value unknown."""
    targets: list[ast.expr]
    values: Expressions
    if isinstance(node, ast.Assign):
        targets, values = node.targets, [node.value]
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        targets, values = [node.target], [node.value] if node.value else []
    elif isinstance(node, ast.For | ast.AsyncFor):
        targets, values = [node.target], items(node.iter)
    else:
        return []
    return [
        (target.id, value)
        for target in targets
        if isinstance(target, ast.Name)
        for value in values
    ]


def items(node: ast.expr) -> Expressions:
    """List what a loop goes over, which is known where it is written out."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [*node.elts]
    return [None]


def template(node: ast.JoinedStr) -> str:
    """Write an f-string's text with its expressions in braces."""
    return "".join(
        text_of(part)
        if isinstance(part, ast.Constant)
        else f"{{{ast.unparse(part.value)}}}"
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )
