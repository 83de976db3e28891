"""Which names a cell of a notebook binds and reads: cells of many exercises share one namespace."""

import ast


def bound(source: str) -> set[str]:
    """Return the names that a cell defines or assigns at its top level; imports are nobody's own."""
    found = set()
    for node in tree(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def stored(code: ast.AST) -> set[str]:
    """Return every name that ``code`` binds, at whatever depth."""
    found = set()
    for node in ast.walk(code):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def loaded(code: ast.AST) -> set[str]:
    """Return every name that ``code`` reads, at whatever depth."""
    return {
        node.id
        for node in ast.walk(code)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def tree(source: str) -> ast.Module:
    """Return a cell's code; nothing of a file's content, of magics, or of what is no Python."""
    if source.startswith("%%"):
        return ast.Module([], [])
    code = "\n".join(line for line in source.splitlines() if not line.startswith(("%", "!")))
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.Module([], [])
