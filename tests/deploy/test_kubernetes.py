"""The files of deploy/kubernetes/ agree with each other, with the package, and with what is documented.

No cluster is here: what a cluster would refuse is looked for by the keys that the charts and
Kubernetes document.
"""

import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from types import SimpleNamespace as Thing

import pytest
import yaml
from distributed.cli.dask_scheduler import main as dask_scheduler
from distributed.cli.dask_worker import main as dask_worker

from revise.hub import exchange, server

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
IMAGE = f"REGISTRY/backend-revise:{VERSION}"
VALUES = yaml.safe_load((FOLDER / "values.yaml").read_text())
MANIFESTS = [
    one
    for name in ("ngshare", "dask")
    for one in yaml.safe_load_all((FOLDER / f"{name}.yaml").read_text())
]

# https://github.com/jupyterhub/zero-to-jupyterhub-k8s/blob/main/jupyterhub/values.schema.yaml: of the keys
# that it knows, those that a course may want.
SCHEMA = {
    "singleuser": {
        *("image", "cmd", "defaultUrl", "uid", "fsGid", "storage", "memory", "cpu", "extraEnv"),
        *("cloudMetadata", "networkPolicy", "startTimeout", "extraPodConfig", "profileList"),
    },
    "hub": {"config", "loadRoles", "services", "extraConfig", "extraEnv", "db", "resources"},
    "proxy": {"https", "service", "secretToken", "chp", "traefik"},
    "cull": {"enabled", "timeout", "every", "maxAge", "users"},
}


def named(kind, name):
    (found,) = (one for one in MANIFESTS if (one["kind"], one["metadata"]["name"]) == (kind, name))
    return found


def containers():
    for one in MANIFESTS:
        if one["kind"] == "Deployment":
            yield from one["spec"]["template"]["spec"]["containers"]


def container(deployment):
    (only,) = named("Deployment", deployment)["spec"]["template"]["spec"]["containers"]
    return only


def options(command):
    return {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


def test_the_charts_values_are_keys_that_it_knows():
    assert set(VALUES) <= set(SCHEMA)
    for part, keys in VALUES.items():
        assert set(keys) <= SCHEMA[part], part


def test_every_pod_runs_the_image_of_this_version():
    image = VALUES["singleuser"]["image"]
    assert f"{image['name']}:{image['tag']}" == IMAGE
    assert {one["image"] for one in containers()} == {IMAGE}
    recipe = (ROOT / "deploy" / "image" / "Dockerfile").read_text()
    assert f"--tag backend-revise:{VERSION}" in recipe
    assert f"{IMAGE}" in (ROOT / "deploy" / "README.md").read_text()


def test_servers_find_the_exchange_where_it_listens():
    service = named("Service", "ngshare")
    (port,) = service["spec"]["ports"]
    address = f"http://ngshare:{port['port']}"
    assert VALUES["hub"]["services"]["ngshare"]["url"] == address
    assert VALUES["singleuser"]["extraEnv"]["REVISE_EXCHANGE"] == f"{address}/services/ngshare"
    pod = container("ngshare")
    environment = {one["name"]: one.get("value") for one in pod["env"]}
    assert environment["JUPYTERHUB_SERVICE_URL"].endswith(f":{port['targetPort']}")
    assert environment["JUPYTERHUB_SERVICE_PREFIX"] == "/services/ngshare/"
    assert [one["containerPort"] for one in pod["ports"]] == [port["targetPort"]]
    assert pod["readinessProbe"]["httpGet"]["port"] == port["targetPort"]


def test_the_exchange_is_told_all_that_it_needs():
    """ngshare ends with a KeyError where one of these is missing."""
    needed = set(re.findall(r'environ\["(\w+)"\]', Path(exchange.__file__).read_text()))
    needed |= {"JUPYTERHUB_API_URL", "JUPYTERHUB_API_TOKEN", "JUPYTERHUB_CLIENT_ID"}
    assert needed <= {one["name"] for one in container("ngshare")["env"]}
    (token,) = (one for one in container("ngshare")["env"] if one["name"] == "JUPYTERHUB_API_TOKEN")
    assert token["valueFrom"]["secretKeyRef"]["key"] == "hub.services.ngshare.apiToken"


def test_what_pods_run_is_there():
    assert VALUES["singleuser"]["cmd"] == ["python", "-m", server.__name__]
    assert container("ngshare")["command"] == ["python", "-m", exchange.__name__]
    recipe = (ROOT / "deploy" / "image" / "Dockerfile").read_text()
    assert f'CMD ["python", "-m", "{server.__name__}"]' in recipe


@pytest.mark.parametrize(
    ("name", "program"), [("scheduler", dask_scheduler), ("worker", dask_worker)]
)
def test_dask_is_started_with_options_that_it_has(name, program):
    pod = container(f"dask-{name}")
    assert pod["command"] == ["dask", name]
    assert {word for word in pod["args"] if word.startswith("--")} <= options(program)


def test_the_documented_scheduler_is_the_manifests():
    (port,) = named("Service", "dask-scheduler")["spec"]["ports"]
    address = f"tcp://dask-scheduler:{port['port']}"
    assert address in container("dask-worker")["args"]
    assert f"--scheduler {address}" in (ROOT / "deploy" / "README.md").read_text()


def test_whoever_teaches_is_the_same_everywhere():
    teacher = VALUES["singleuser"]["extraEnv"]["REVISE_TEACHERS"]
    arguments = container("ngshare")["args"]
    assert arguments[arguments.index("--teacher") + 1] == teacher
    assert VALUES["hub"]["loadRoles"]["teacher"]["users"] == [teacher]
    assert f'TEACHERS = {{"{teacher}"}}' in VALUES["hub"]["extraConfig"]["teachers"]
    assert teacher not in VALUES["hub"]["config"]["Authenticator"]["admin_users"]


def test_the_hub_here_and_there_give_the_same_rights():
    """Would a token of the cluster open the exchange, and no more?"""
    here = (ROOT / "deploy" / "hub" / "jupyterhub_config.py").read_text()
    for scope in VALUES["hub"]["config"]["Spawner"]["server_token_scopes"]:
        assert f'"{scope}"' in here
    for role in VALUES["hub"]["loadRoles"].values():
        for scope in role["scopes"]:
            assert f'"{scope}"' in here


def test_learners_pods_do_not_reach_dask():
    """A scheduler runs whatever it is sent, beside the submissions of a class."""
    rules = named("NetworkPolicy", "dask-scheduler")["spec"]["ingress"]
    allowed = [one["podSelector"]["matchLabels"] for rule in rules for one in rule["from"]]
    assert allowed == [{"backend-revise/teaches": "true"}, {"app": "dask", "component": "worker"}]
    assert '"backend-revise/teaches"] = "true"' in VALUES["hub"]["extraConfig"]["teachers"]


def test_every_policy_and_service_chooses_pods_that_there_are():
    pods = [
        one["spec"]["template"]["metadata"]["labels"]
        for one in MANIFESTS
        if one["kind"] == "Deployment"
    ]
    for one in MANIFESTS:
        if one["kind"] in ("Service", "NetworkPolicy"):
            selector = one["spec"].get("selector") or one["spec"]["podSelector"]["matchLabels"]
            assert any(selector.items() <= labels.items() for labels in pods), one["metadata"]


def test_what_grades_may_make_namespaces_and_has_no_other_right():
    """Kubernetes unmasks /proc only for a pod with a user namespace of its own."""
    pod = named("Deployment", "dask-worker")["spec"]["template"]["spec"]
    security = container("dask-worker")["securityContext"]
    assert pod["hostUsers"] is False
    assert security["procMount"] == "Unmasked"
    assert security["seccompProfile"] == security["appArmorProfile"] == {"type": "Unconfined"}
    for one in containers():
        assert one["securityContext"]["allowPrivilegeEscalation"] is False
        assert one["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_teachers_pod_is_made_so_too_and_a_learners_is_not(monkeypatch):
    """The hub's code, run on pods as the spawner has them; the profiles' classes are Kubernetes' own there."""
    client = ModuleType("kubernetes_asyncio.client")
    client.V1AppArmorProfile = client.V1SeccompProfile = dict
    monkeypatch.setitem(sys.modules, "kubernetes_asyncio", ModuleType("kubernetes_asyncio"))
    monkeypatch.setitem(sys.modules, "kubernetes_asyncio.client", client)
    c = Thing(KubeSpawner=Thing())
    exec(VALUES["hub"]["extraConfig"]["teachers"], {"c": c})
    pods = {}
    for name in ("teacher", "ada"):
        pod = Thing(
            metadata=Thing(labels={}), spec=Thing(containers=[Thing(security_context=Thing())])
        )
        pods[name] = c.KubeSpawner.modify_pod_hook(Thing(user=Thing(name=name)), pod)
    security = pods["teacher"].spec.containers[0].security_context
    assert pods["teacher"].spec.host_users is False
    assert security.proc_mount == "Unmasked"
    assert security.seccomp_profile == security.app_armor_profile == {"type": "Unconfined"}
    assert pods["ada"].metadata.labels == {}
    assert vars(pods["ada"].spec.containers[0].security_context) == {}
