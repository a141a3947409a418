"""Puts the same questions to moto and to the simulator, and compares the answers.

Every difference has to be listed and judged in simulator/SPEC.md, and every difference that is
listed there has to be found: then the table is neither too short nor out of date.
"""

import json
import re
import socket
import sys
from os.path import join

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from servers import ROOT, moto, simulator

DEFINITION = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
    "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
    "enableFaultInjection": False,
    "containerDefinitions": [
        {
            "name": "web",
            "image": "web:1",
            "essential": True,
            "cpu": 0,
            "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
            "environment": [{"name": "A", "value": "1"}],
            "secrets": [{"name": "B", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/b"}],
            "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 5, "retries": 3},
            "mountPoints": [],
            "volumesFrom": [],
        }
    ],
}


def without(members, *names):
    return {name: value for name, value in members.items() if name not in names}


def container(**changes):
    changed = {**DEFINITION["containerDefinitions"][0], **changes}
    present = {name: value for name, value in changed.items() if value is not None}
    return {**DEFINITION, "containerDefinitions": [present]}


def register(definition, *asked):
    """What comes back of a definition: the members in question; all that was sent, if none are."""

    def call(ecs, _ecr):
        kept = ecs.register_task_definition(**definition)["taskDefinition"]
        names = asked or definition.keys()
        return {name: kept.get(name, "(absent)") for name in names}

    return call


def create_twice(ecs, _ecr):
    service = {"cluster": "main", "serviceName": "twice", "desiredCount": 0}
    ecs.create_service(**service, taskDefinition="base")
    ecs.create_service(**service, taskDefinition="base")
    return "accepted"


def update_to_inactive(ecs, _ecr):
    service = {"cluster": "main", "serviceName": "inactive", "desiredCount": 0}
    ecs.create_service(**service, taskDefinition="base")
    arn = ecs.register_task_definition(
        family="old", containerDefinitions=[{"name": "a", "image": "a", "memory": 8}]
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.deregister_task_definition(taskDefinition=arn)
    ecs.update_service(cluster="main", service="inactive", taskDefinition=arn)
    return "accepted"


def has_registration_facts(ecs, _ecr):
    kept = ecs.register_task_definition(**DEFINITION)["taskDefinition"]
    return [name for name in ("registeredAt", "registeredBy") if name in kept]


def login_expires(_ecs, ecr):
    data = ecr.get_authorization_token()["authorizationData"][0]
    return "in the past" if data["expiresAt"].year < 2020 else "later"


def name_of(pattern):
    return lambda _ecs, ecr: ecr.create_repository(repositoryName=pattern) and "accepted"


CALLS = {
    "round-trip": register(without(DEFINITION, "enableFaultInjection", "runtimePlatform")),
    "runtime-platform": register(DEFINITION, "runtimePlatform"),
    "fault-injection": register(DEFINITION, "enableFaultInjection"),
    "registered-at": has_registration_facts,
    "fargate-sizes": register({**DEFINITION, "memory": "8192"}, "memory"),
    "fargate-network": register(without(DEFINITION, "networkMode"), "family"),
    "family-name": register({**DEFINITION, "family": "a b"}, "family"),
    "no-image": register(container(image=None), "family"),
    "no-essential": register(container(essential=False), "family"),
    "unknown-definition": lambda ecs, _: ecs.describe_task_definition(taskDefinition="nope"),
    "unknown-cluster": lambda ecs, _: ecs.describe_services(cluster="nope", services=["web"]),
    "unknown-service": lambda ecs, _: [
        (failure["reason"], failure["arn"])
        for failure in ecs.describe_services(cluster="main", services=["nope"])["failures"]
    ],
    "update-unknown": lambda ecs, _: ecs.update_service(
        cluster="main", service="nope", desiredCount=1
    ),
    "create-twice": create_twice,
    "update-inactive": update_to_inactive,
    "unknown-repository": lambda _, ecr: ecr.describe_repositories(repositoryNames=["nope"]),
    "unknown-image": lambda _, ecr: ecr.describe_images(
        repositoryName="app", imageIds=[{"imageTag": "nope"}]
    ),
    "unknown-digest": lambda _, ecr: ecr.batch_get_image(
        repositoryName="app", imageIds=[{"imageTag": "nope"}]
    )["failures"],
    "repository-twice": lambda _, ecr: ecr.create_repository(repositoryName="app"),
    "repository-name": name_of("App"),
    "login-expires": login_expires,
    "service-deployments": lambda ecs, _: ecs.list_service_deployments(
        cluster="main", service="steady"
    )["serviceDeployments"]
    != [],
}


def answers(url, access_key_id, secret_access_key):
    # The API's own judgement is wanted, not boto3's, and a fault is not to be tried again.
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    ecs, ecr = [
        boto3.client(
            name,
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id=access_key_id,
            aws_secret_access_key=secret_access_key,
            config=config,
        )
        for name in ("ecs", "ecr")
    ]
    ecs.create_cluster(clusterName="main")
    ecs.register_task_definition(
        family="base", containerDefinitions=[{"name": "a", "image": "a", "memory": 8}]
    )
    ecs.create_service(
        cluster="main", serviceName="steady", taskDefinition="base", desiredCount=0
    )
    ecr.create_repository(repositoryName="app")
    return {name: answer(call, ecs, ecr) for name, call in CALLS.items()}


def answer(call, ecs, ecr):
    try:
        result = call(ecs, ecr)
    except ClientError as error:
        told = error.response["Error"]
        return f"{told['Code']}: {told['Message']}".splitlines()[0]
    except Exception as error:  # An answer that boto3 cannot read is an answer, too.
        return f"unreadable: {type(error).__name__}"
    return json.dumps(result, sort_keys=True, default=str)


def listed():
    """Ids of the table's rows in SPEC.md."""
    with open(join(ROOT, "simulator", "SPEC.md"), encoding="utf-8") as spec:
        _, _, section = spec.read().partition("## Differences from other emulators")
    section = section.split("\n## ")[0]
    return set(re.findall(r"^\| `([\w-]+)` +\|", section, re.MULTILINE))


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def main():
    with moto(free_port()) as url:
        theirs = answers(url, "AKIDEXAMPLE", "example")
    with simulator() as ours_running:
        environment = ours_running.environment
        keys = [environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
        ours = answers(ours_running.url, *keys)
    different = {name for name in CALLS if theirs[name] != ours[name]}
    for name in CALLS:
        mark = "differs" if name in different else "same"
        print(f"{name}: {mark}")
        if name in different or "--all" in sys.argv:
            print(f"  moto: {theirs[name]}\n  ours: {ours[name]}")
    unlisted, outdated = different - listed(), listed() - different
    for name in sorted(unlisted):
        print(f"NOT LISTED in simulator/SPEC.md: {name}")
    for name in sorted(outdated):
        print(f"LISTED in simulator/SPEC.md, but no difference: {name}")
    return 1 if unlisted or outdated else 0


if __name__ == "__main__":
    sys.exit(main())
