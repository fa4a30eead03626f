"""Microsoft's own worker library, driven in this process as the host drives it.

It is what runs Python 3.13 on Azure Functions. What only Azure has is not here: its
timers, locks, keys and scaling.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from importlib.metadata import distribution
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mixpanel_slack_report.deploy.folder import write_folder
from mixpanel_slack_report.deploy.ready_folders import folder_files

# Only ``nox -s azure_worker`` has it; it is for Python 3.13 and later.
HAS_WORKER = find_spec("azure_functions_runtime") is not None
collect_ignore = [] if HAS_WORKER else ["test_worker.py"]
if HAS_WORKER:
    import azure_functions_runtime as runtime


def load_protocol() -> ModuleType:
    """Import the messages of the protocol, which that wheel calls ``tests.protos``."""
    wheel = distribution("azure-functions-runtime-v1")
    folder = Path(str(wheel.locate_file("tests/protos")))
    spec = spec_from_file_location(
        "protocol", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["protocol"] = module
    spec.loader.exec_module(module)
    return module


protos: Any = load_protocol() if HAS_WORKER else None


class Host:
    """Sends the worker what Azure's host sends; one thread uses it.

    Attributes:
        functions: What the worker found in the folder, by name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loop = asyncio.new_event_loop()
        self.functions: dict[str, Any] = {}

    def start(self) -> None:
        """Have the worker index the folder and load every function."""
        init = protos.WorkerInitRequest(
            host_version="4", function_app_directory=str(self.folder)
        )
        self.send(runtime.worker_init_request, worker_init_request=init)
        found = self.send(
            runtime.functions_metadata_request,
            functions_metadata_request=protos.FunctionsMetadataRequest(
                function_app_directory=str(self.folder)
            ),
        )
        assert found.result.status == protos.StatusResult.Success, found.result
        for metadata in found.function_metadata_results:
            self.functions[metadata.name] = metadata
            loaded = self.send(
                runtime.function_load_request,
                function_load_request=protos.FunctionLoadRequest(
                    function_id=metadata.function_id, metadata=metadata
                ),
            )
            assert loaded.result.status == protos.StatusResult.Success, loaded.result
        runtime.start_threadpool_executor()

    def invoke(self, name: str, **inputs: Any) -> Any:  # noqa: ANN401 - a protobuf
        """Have the worker run a function with its inputs."""
        data = [
            protos.ParameterBinding(name=key, data=value)
            for key, value in inputs.items()
        ]
        request = protos.InvocationRequest(
            invocation_id=f"run-{name}",
            function_id=self.functions[name].function_id,
            input_data=data,
        )
        return self.send(runtime.invocation_request, invocation_request=request)

    def send(
        self,
        handler: Callable[[Any], Coroutine[Any, Any, Any]],
        **message: Any,  # noqa: ANN401 - a protobuf
    ) -> Any:  # noqa: ANN401 - a protobuf
        """Send one message, and return the answer."""
        request = SimpleNamespace(
            request=protos.StreamingMessage(request_id="1", **message),
            properties={"host": "127.0.0.1", "protos": protos},
        )
        return self.loop.run_until_complete(handler(request))


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host whose worker has loaded the folder of ``init azure``."""
    folder = tmp_path_factory.mktemp("app")
    write_folder(folder, folder_files("azure"))
    sys.path.insert(0, str(folder))
    driven = Host(folder)
    driven.start()
    yield driven
    driven.loop.close()


@pytest.fixture
def wire() -> Any:  # noqa: ANN401 - a module of protobufs
    """The messages of the protocol."""
    return protos
