"""What a contributor runs: ``nox`` before a commit, ``nox -s NAME`` for one thing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox
from nox.command import CommandFailed

# As pip does, so that uv works behind whatever this machine trusts.
os.environ.setdefault("UV_SYSTEM_CERTS", "true")

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_external_run = True
nox.options.reuse_venv = "yes"
nox.options.sessions = [
    "lint",
    "types",
    "imports",
    "tests",
    "together",
    "docs",
    "site",
    "wheels",
    "lowest",
    "summary",
]

ROOT = Path(__file__).parent
RESULTS = ROOT / ".nox" / "results"
DIST = ROOT / ".nox" / "dist"
SITE = ROOT / ".nox" / "built-site"
METADATA = {
    path.parent.name: nox.project.load_toml(path)
    for path in sorted(ROOT.glob("packages/*/pyproject.toml"))
}
PACKAGES = list(METADATA)
# What is measured beside ours: pyramid_mixpanel 0.13 cannot call customerio 3, nor
# mixpanel-headless 0.4 typer 0.29.
BENCHMARKED = {
    "pyramid": ["pyramid_mixpanel==0.13", "customerio<3", "orjson", "setuptools<82"],
    "clients": ["mixpanel", "posthog", "segment-analytics-python"],
    "readers": [
        *["mixpanel-headless==0.4", "typer<0.29", "mixpanel-utils", "mixpanel-jql"],
        "setuptools<82",
    ],
}
# The library that runs Python 3.13 on Azure; the wheel of its older half happens to
# hold the messages of the protocol, so that another version may not.
AZURE_WORKER = [
    *["azure-functions-runtime==1.3.0", "azure-functions-runtime-v1==1.2.0"],
    *["grpcio", "protobuf", "hypothesis"],
]
# The last one that runs on node 20.
PRISM = "@stoplight/prism-cli@5.14.2"
# They read OpenAPI files, and make requests up.
GENERATORS = ["pyyaml", "schemathesis>=4.30"]
# They build a release, read what it lets callers import, and look at its README.
RELEASING = ["griffe>=2.0", "hatchling>=1.26", "twine>=6.1"]
# They build the site from pages and docstrings; ruff lays long signatures out.
SITE_BUILDERS = [
    # The last mkdocstrings that runs on Python 3.10 fails with later ones.
    "pymdown-extensions<12; python_version<'3.11'",
    "mkdocs-material>=9.6",
    "mkdocstrings[python]>=1",
    "griffe>=2.0",
    "ruff",
]
# They look at it.
SITE_READERS = ["hypothesis", "playwright>=1.49", "pytest"]
SUITES = [*PACKAGES, "together", "docs", "site"]
# Three processes for two cores, as tests wait nearly as long as they work; those of one
# file stay together, as they share its set-up.
AT_ONCE = ["-n", str((os.cpu_count() or 2) * 3 // 2), "--dist", "loadfile"]
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]


def oldest_python() -> str | None:
    """Name the oldest of PYTHONS that runs here; the stand-in of pyenv may not."""
    for version in PYTHONS:
        program = shutil.which(f"python{version}")
        if program is None:
            continue
        tried = subprocess.run([program, "-c", ""], capture_output=True, check=False)
        if tried.returncode == 0:
            return version
    return None


def siblings(package: str) -> list[str]:
    """List the packages of this repository that ``package`` declares, itself last."""
    project = METADATA[package]["project"]
    extras = project.get("optional-dependencies", {}).values()
    names = [*project["dependencies"], *(name for extra in extras for name in extra)]
    declared = " ".join(names)
    found = [
        name
        for sibling in PACKAGES
        if sibling != package and sibling in declared
        for name in siblings(sibling)
    ]
    return [*dict.fromkeys(found), package]


def editable(*packages: str) -> list[str]:
    """Write pip's arguments for packages with all their extras."""
    arguments = []
    for name in dict.fromkeys(name for p in packages for name in siblings(p)):
        extras = METADATA[name]["project"].get("optional-dependencies", {})
        arguments += ["-e", f"./packages/{name}[{','.join(extras)}]"]
    return arguments


def needs(*packages: str) -> list[str]:
    """List what the tests of packages need beside the packages."""
    groups = (METADATA[name]["dependency-groups"]["tests"] for name in packages)
    return sorted({requirement for group in groups for requirement in group})


def quick(package: str) -> list[str]:
    """Name a package's tests, without those that wait for real trouble or a browser."""
    folder = f"tests/{package.replace('-', '_')}"
    slow = (f"--ignore={folder}/faults", f"--ignore={folder}/celery_runs")
    return [folder, *slow, f"--ignore-glob={folder}/*browser*"]


def run_pytest(session: nox.Session, suite: str, *arguments: str) -> None:
    """Run pytest, and leave its count for the summary."""
    result = RESULTS / f"{suite}.xml"
    result.unlink(missing_ok=True)
    session.run("pytest", f"--junitxml={result}", *arguments, *session.posargs)


@nox.session
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def tests(session: nox.Session, package: str) -> None:
    """Test one package with nothing around but what it declares."""
    session.install(*editable(package), *needs(package))
    folder = f"tests/{package.replace('-', '_')}"
    run_pytest(session, package, folder, *AT_ONCE)


@nox.session
def together(session: nox.Session) -> None:
    """Test the loop through all packages, the examples, and the repository itself."""
    session.install(*editable(*PACKAGES), *needs(*PACKAGES))
    session.install("-r", "examples/requirements.txt", *RELEASING)
    folders = ("tests/together", "tests/project", "examples")
    run_pytest(session, "together", *folders, *AT_ONCE)


@nox.session
def docs(session: nox.Session) -> None:
    """Run what READMEs, pages and docstrings show, and compare them with the code."""
    session.install(*editable(*PACKAGES), *needs(*PACKAGES))
    readmes = map(str, sorted(Path().glob("packages/*/README.md")))
    pages = map(str, sorted(Path().glob("docs/**/*.md")))
    sources = map(str, sorted(Path().glob("packages/*/src")))
    options = ("--doctest-modules", "--doctest-glob=*.md")
    tests = ("tests/tutorials", "tests/reference")
    paths = ("README.md", *readmes, *pages, *sources, *tests)
    run_pytest(session, "docs", *options, *paths, *AT_ONCE)


@nox.session
def site(session: nox.Session) -> None:
    """Build the documentation's site in .nox/built-site, and test it; or serve it."""
    session.install(*SITE_BUILDERS, *SITE_READERS)
    # Another generator of sites is none of this build's concern.
    session.env["NO_MKDOCS_2_WARNING"] = "true"
    if session.posargs == ["serve"]:
        session.run("mkdocs", "serve")
        return
    # With --quiet, warnings would stop nothing.
    session.run("mkdocs", "build")
    session.env["BUILT_SITE"] = str(SITE)
    run_pytest(session, "site", "tests/site")
    session.log(f"open {SITE / 'index.html'}, or run: nox -s site -- serve")


@nox.session(python=oldest_python())
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def lowest(session: nox.Session, package: str) -> None:
    """Test one package with the lowest versions that it declares, on an old Python."""
    # Pyramid 2.0 needs the pkg_resources of setuptools, and does not say how old.
    pkg_resources = "setuptools>=70,<82"
    session.install("--resolution=lowest-direct", *editable(package), pkg_resources)
    session.install(*needs(package))
    run_pytest(session, f"lowest-{package}", *quick(package), *AT_ONCE)


@nox.session(python=PYTHONS)
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def pythons(session: nox.Session, package: str) -> None:
    """Test one package on another Python; not run by default."""
    session.install(*editable(package), *needs(package))
    suite = f"{package}-{session.python}"
    run_pytest(session, suite, *quick(package), *AT_ONCE)


@nox.session
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def coverage(session: nox.Session, package: str) -> None:
    """Measure which branches of a package its own tests take; fail below 98 %."""
    session.install(*editable(package), *needs(package), "coverage>=7.10")
    module = package.replace("-", "_")
    folder = ROOT / ".nox" / "coverage" / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    session.env["COVERAGE_FILE"] = str(folder / "data")
    source = f"--source=packages/{package}/src/{module}"
    run = ("coverage", "run", source, "-m", "pytest", f"tests/{module}")
    session.run(*run, *AT_ONCE, *session.posargs)
    session.run("coverage", "combine", "--quiet")
    report = str(folder / "coverage.json")
    session.run("coverage", "json", "--quiet", "-o", report)
    session.run("python", "tests/project/branch_coverage.py", report, "98")


@nox.session(reuse_venv=False)
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def wheels(session: nox.Session, package: str) -> None:
    """Build wheels, install one alone, and look at what came with it."""
    session.install("hatchling")
    shutil.rmtree(DIST, ignore_errors=True)
    for name in siblings(package):
        with session.chdir(f"packages/{name}"):
            session.run("python", "-m", "hatchling", "build", "-d", str(DIST))
    session.run("python", "-m", "releasing.wheel_contents", str(DIST))
    alone = Path(session.create_tmp()) / "alone"
    session.run("python", "-m", "venv", "--clear", str(alone))
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    python = str(alone / scripts / "python")
    built = map(str, DIST.glob("*.whl"))
    session.run(python, "-m", "pip", "install", "--quiet", *built, external=True)
    session.run(python, "-m", "pip", "check", external=True)
    check = "tests/project/installed_alone.py"
    session.run(python, "-W", "error", check, package, external=True)


@nox.session
def release(session: nox.Session) -> None:
    """Say whether a package may be released, and leave its files in .nox/candidate."""
    if len(session.posargs) != 1:
        session.error("name one package: nox -s release -- mixpanel-query")
    session.install(*RELEASING)
    folder = ROOT / ".nox" / "candidate"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "releasing.verdict", session.posargs[0], str(folder))


@nox.session(reuse_venv=False)
def audit(session: nox.Session) -> None:
    """Look for known vulnerabilities in all that comes with the packages."""
    session.install(*editable(*PACKAGES))
    installed = str(Path(session.create_tmp()) / "installed.txt")
    session.run("python", "-m", "releasing.installed", installed)
    session.install("pip-audit>=2.10")
    session.run("python", "-m", "releasing.known_vulnerabilities", installed)


@nox.session
def guarantees(session: nox.Session) -> None:
    """Break each promise of docs/guarantees.md in a copy, and see its tests fail."""
    session.install(*editable(*PACKAGES), *needs(*PACKAGES))
    session.run("python", "-Wignore", "-m", "guarantees.verdict", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Run the pre-commit hooks over everything, and look for dead code."""
    session.install("pre-commit", "vulture>=2.14")
    session.run("pre-commit", "run", "--all-files")
    session.run("python", "tests/project/dead_code.py")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of all sources, and of what callers may write."""
    tools = (
        *needs("mixpanel-query"),
        "certifi",
        "griffe>=2.0",
        "mkdocs",
        "mypy",
        "nox",
        "orjson",
        "pyright",
        "requests",
        "trustme",
        "vulture",
    )
    session.install(*editable(*PACKAGES), *tools)
    sources = map(str, sorted(Path().glob("packages/*/src/*")))
    session.run("mypy", *sources)
    written = ("tests/typing/schema.py", "tests/typing/query.py")
    session.run(
        "mypy", "noxfile.py", *written, "releasing", "mutation", "tests/project"
    )
    session.run("mypy", "guarantees", "benchmarks")
    session.run("mypy", "docs/hooks", "tests/site")
    session.run("mypy", "--explicit-package-bases", "tests/mixpanel_query/local")
    refused = ("tests/project/refused_lines.py", "tests/typing/typed_events.py")
    session.run("python", *refused)


@nox.session
def imports(session: nox.Session) -> None:
    """Check that imports between and inside packages only point down."""
    session.install(*editable(*PACKAGES), "import-linter>=2.16")
    session.run("lint-imports", "imports.toml")


@nox.session
def demo(session: nox.Session) -> None:
    """Show the whole loop: a Pyramid app, a local project, a report in Slack."""
    session.install(*editable(*PACKAGES), "-e", "./examples/pyramid_app")
    # Pyramid 2 imports pkg_resources, which says on stderr that it is old.
    quiet = {"PYTHONWARNINGS": "ignore:pkg_resources is deprecated:UserWarning"}
    session.run("python", "examples/whole_loop.py", *session.posargs, env=quiet)


@nox.session
def faults(session: nox.Session) -> None:
    """Kill gunicorn under load for 20 seconds, and account for every request."""
    session.install(*editable("mixpanel-pyramid"), *needs("mixpanel-pyramid"))
    script = "tests/mixpanel_pyramid/faults/kill_run.py"
    session.run("python", "-Wignore", script, *session.posargs)


@nox.session(python="3.13")
def azure_worker(session: nox.Session) -> None:
    """Run the folder of ``init azure`` in Microsoft's worker library."""
    session.install(*editable("mixpanel-slack-report"), *AZURE_WORKER, "pytest")
    run_pytest(session, "azure-worker", "tests/azure_worker")


@nox.session
def contract(session: nox.Session) -> None:
    """Hold clients and local project to Mixpanel's OpenAPI files; needs node."""
    folder = Path(os.environ.get("MIXPANEL_OPENAPI", ""))
    if not (folder / "query.openapi.yaml").is_file():
        problem = "MIXPANEL_OPENAPI names no folder with Mixpanel's OpenAPI files"
        (session.error if os.environ.get("CI") == "true" else session.skip)(problem)
    session.install(*editable("mixpanel-query"), *needs("mixpanel-query"), *GENERATORS)
    tools = ROOT / ".nox" / PRISM.rpartition("/")[2]
    program = tools / "node_modules" / ".bin" / "prism"
    if not program.exists():
        install = ("npm", "install", "--silent", "--prefix", str(tools), PRISM)
        session.run(*install, external=True)
    session.env["MIXPANEL_OPENAPI"] = str(folder.resolve())
    session.env["MIXPANEL_PRISM"] = str(program)
    run_pytest(session, "contract", "tests/contract", *AT_ONCE)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the code that decides, a little each time, and see whether tests fail."""
    session.install(*editable(*PACKAGES), *needs(*PACKAGES), "mutmut>=3.8,<4")
    folder = str(ROOT / ".nox" / "mutated")
    session.run("python", "-m", "mutation", folder, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure ours beside peers, in one table; ``--quick`` only tries everything."""
    session.install(*editable(*PACKAGES), "certifi", "orjson", "requests", "trustme")
    options = [*session.posargs]
    for name, packages in BENCHMARKED.items():
        folder = Path(session.create_tmp()) / name
        session.run("python", "-m", "venv", str(folder))
        scripts = "Scripts" if sys.platform == "win32" else "bin"
        python = str(folder / scripts / "python")
        install = (python, "-m", "pip", "install", "--quiet", *packages)
        try:
            session.run(*install, external=True)
        except CommandFailed:
            session.warn(f"peers of {name} are not installed: their rows will say so")
        options += ["--peer", f"{name}={python}"]
    session.run("python", "-Wignore", "-m", "benchmarks", *options)


@nox.session
def summary(session: nox.Session) -> None:
    """Print how many tests ran in each suite; fail where none did."""
    suites = [*SUITES, *(f"lowest-{package}" for package in PACKAGES)]
    files = [RESULTS / f"{suite}.xml" for suite in suites]
    files += sorted(set(RESULTS.glob("*.xml")) - set(files))
    session.run("python", "tests/project/count_tests.py", *map(str, files))
