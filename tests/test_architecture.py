"""The house's rules of form, over every file: sizes, imports, names, docstrings, tests beside the code."""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from radiolucent.cli.commands import COMMANDS, FURTHER, GENERATED

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "radiolucent"
FILES = sorted(SOURCE.rglob("*.py"))
NAMES = [file.relative_to(SOURCE).as_posix() for file in FILES]

SLOW = (
    "tensorflow", "keras", "sklearn", "pandas", "cv2", "SimpleITK", "skimage", "numba", "pydicom", "shap", "dask",
    "highdicom", "matplotlib", "scipy", "nibabel", "pyarrow", "numpy", "pydantic",
)  # fmt: skip
"""What must not be imported to print a list of commands."""

NO_SUBJECT = re.compile(r"(^|_)(utils?|helpers?|manager|base|handler|processor)(_|$)|(Manager|Handler|Processor|Base)$")

FILE_LINES, BODY_LINES, NESTING = 300, 60, 4

each_file = pytest.mark.parametrize("name", NAMES)


@cache
def tree(name):
    return ast.parse((SOURCE / name).read_text(encoding="utf-8"))


def functions(name):
    return [node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function):
    """Lines without the signature and the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def nesting(node, depth=0):
    """How deep blocks stand in blocks; `elif` is no deeper than its `if`."""
    deepest = depth
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.FunctionDef | ast.ClassDef | ast.Lambda) or not isinstance(child, ast.AST):
                continue
            block = isinstance(child, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Match)
            is_elif = isinstance(node, ast.If) and field == "orelse" and isinstance(child, ast.If) and len(value) == 1
            deepest = max(deepest, nesting(child, depth + (block and not is_elif)))
    return deepest


def own_imports(name):
    """Modules of the package that a file imports at its top, as paths, with those for type checking left out."""
    package = ["radiolucent", *Path(name).parent.parts]
    for node in tree(name).body:
        if isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            where = ".".join([*start, *([node.module] if node.module else [])])
            if where.split(".")[0] == "radiolucent":
                yield from (found for alias in node.names if (found := as_file(where, alias.name)))


def as_file(where, name):
    """The file that `from where import name` runs last."""
    for dotted in (f"{where}.{name}", where):
        path = "/".join(dotted.split(".")[1:])
        for candidate in (f"{path}.py", f"{path}/__init__.py".lstrip("/")):
            if candidate in NAMES:
                return candidate
    return None


def test_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@each_file
def test_files_are_short(name):
    lines = len((SOURCE / name).read_text(encoding="utf-8").splitlines())
    assert lines <= FILE_LINES, f"{name} has {lines} lines; part it by subject"


@each_file
def test_functions_are_short_and_flat(name):
    for function in functions(name):
        assert body_lines(function) <= BODY_LINES, f"{function.name} has {body_lines(function)} lines"
        assert nesting(function) <= NESTING, f"{function.name} nests {nesting(function)} deep"


@each_file
def test_no_function_takes_whatever_comes(name):
    for function in functions(name):
        assert function.args.kwarg is None, f"{function.name} takes **{function.args.kwarg.arg}; name its parameters"


@each_file
def test_nothing_of_ours_is_imported_inside_a_function(name):
    for function in functions(name):
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom):
                own = node.level > 0 or (node.module or "").startswith("radiolucent")
                assert not own, f"{function.name}, line {node.lineno}: move the import to the top"
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("radiolucent") for alias in node.names), function.name


def test_our_modules_import_each_other_in_no_circle():
    graph = {name: set(own_imports(name)) - {name} for name in NAMES}
    while free := [name for name, needs in graph.items() if not needs & graph.keys()]:
        for name in free:
            del graph[name]
    # what is left imports, directly or not, something that imports it; a package's own file may list its modules
    assert not graph, f"these import each other: {sorted(graph)}"


@each_file
def test_names_say_what_a_thing_is(name):
    stem = Path(name).stem
    assert not NO_SUBJECT.search(stem), f"{name} names no subject"
    assert stem not in ("common", "misc", "tools"), f"{name} names no subject"
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            assert not NO_SUBJECT.search(node.name), f"{name}: {node.name} names no subject"


@each_file
def test_what_is_public_is_explained(name):
    assert ast.get_docstring(tree(name)), f"{name} has no docstring"
    if Path(name).parts[0] == "cli":
        return  # a command's `arguments` and `run` are explained by its module
    for node in tree(name).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if node.name == Path(name).stem:
                continue  # the file's own docstring explains what the file is named after
            text = ast.get_docstring(node)
            assert text, f"{name}: {node.name} has no docstring"
            assert text.split("\n\n")[0].rstrip().endswith((".", ":", "`")), (
                f"{name}: {node.name} needs a full sentence"
            )


def test_tests_mirror_the_code():
    strays = []
    for test in (ROOT / "tests").rglob("test_*.py"):
        where = test.relative_to(ROOT / "tests")
        if len(where.parts) == 1 or where.parts[0] == "reference":
            continue
        subject = SOURCE / where.parent / where.name.removeprefix("test_")
        if not subject.exists() and not subject.with_suffix("").is_dir():
            strays.append(where.as_posix())
    assert not strays, f"these test no file of that name: {strays}"


def test_every_folder_of_code_has_tests():
    for folder in sorted({Path(name).parts[0] for name in NAMES if len(Path(name).parts) > 1}):
        assert list((ROOT / "tests" / folder).rglob("test_*.py")), f"src/radiolucent/{folder} has no tests"


def test_every_command_has_a_file_and_every_file_of_a_command_a_line():
    support = {
        "__init__",
        "apply",
        "carry",
        "cohort_words",
        "commands",
        "dispatch",
        "handbook",
        "operation",
        "output",
        "parser",
        "recipe",
        *FURTHER.values(),
        "spacing",
        "threads",
    }
    files = {path.stem for path in (SOURCE / "cli").glob("*.py")} - support
    assert files == {name.replace("-", "_") for name in COMMANDS} - set(GENERATED)


def loaded(code):
    """Top-level modules that a fresh process has imported after `code`."""
    probe = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_list_of_commands_imports_nothing_slow():
    assert not loaded("from radiolucent.cli import main; main(['--help'])") & set(SLOW)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in GENERATED])
def test_the_help_of_a_command_imports_nothing_slow(command):
    there = loaded(f"from radiolucent.cli import main; main(['{command}', '--help'])")
    assert not there & (set(SLOW) - {"numpy", "pydantic"})


def test_the_package_imports_nothing_slow_until_asked():
    assert not loaded("import radiolucent as rl; assert rl.__version__; dir(rl)") & set(SLOW)
    assert "cv2" not in loaded("import radiolucent as rl; rl.Image")


def test_the_help_of_one_operation_imports_its_own_stage_only():
    there = loaded("from radiolucent.cli import main; main(['process', 'gaussian', '--help'])")
    assert not there & {
        "tensorflow",
        "keras",
        "sklearn",
        "pandas",
        "pydicom",
        "shap",
        "matplotlib",
        "nibabel",
        "pyarrow",
    }
