"""boto3, unmodified, takes the simulator through a deployment: role, image, service, update."""

import base64
import hashlib
import json
import unittest

import boto3
from botocore.exceptions import ClientError
from servers import ACCOUNT, REGION, request, simulator

ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Deployment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        started = simulator("--repository", "shop/api", "--immutable", "--role", "deployer")
        cls.simulator = cls.enterClassContext(started)
        keys = cls.assume_role()
        cls.ecs = cls.client("ecs", keys)
        cls.ecr = cls.client("ecr", keys)
        cls.image = cls.push_image()

    @classmethod
    def client(cls, service, keys=None):
        given = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }
        return boto3.client(service, endpoint_url=cls.simulator.url, region_name=REGION, **given)

    @classmethod
    def assume_role(cls):
        nobody = {"AccessKeyId": "none", "SecretAccessKey": "none", "SessionToken": None}
        cls.sts = cls.client("sts", nobody)
        answer = cls.sts.assume_role_with_web_identity(
            RoleArn=ROLE, RoleSessionName="boto3", WebIdentityToken=cls.simulator.oidc_token()
        )
        return answer["Credentials"]

    @classmethod
    def push_image(cls):
        """As docker does it: blobs and a manifest, with the login of GetAuthorizationToken."""
        data = cls.ecr.get_authorization_token()["authorizationData"][0]
        login = {"Authorization": "Basic " + data["authorizationToken"]}
        base = data["proxyEndpoint"] + "/v2/shop/api"

        def push_blob(blob):
            _, headers, _ = request("POST", base + "/blobs/uploads/", b"", login)
            location = {name.lower(): value for name, value in headers.items()}["location"]
            url = data["proxyEndpoint"] + location + "?digest=" + digest_of(blob)
            request("PUT", url, blob, login)
            return {"digest": digest_of(blob), "size": len(blob)}

        config = push_blob(json.dumps({"os": "linux", "architecture": "amd64"}).encode())
        layer = push_blob(b"a layer")
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"mediaType": CONFIG, **config},
                "layers": [{"mediaType": LAYER, **layer}],
            }
        ).encode()
        request("PUT", base + "/manifests/v1", manifest, {**login, "Content-Type": MANIFEST})
        cls.manifest = manifest
        return data["proxyEndpoint"].split("://")[1] + "/shop/api:v1"

    def test_1_ecr_tells_the_image(self):
        images = self.ecr.describe_images(repositoryName="shop/api")["imageDetails"]
        self.assertEqual([image["imageTags"] for image in images], [["v1"]])
        self.assertEqual(images[0]["imageDigest"], digest_of(self.manifest))
        got = self.ecr.batch_get_image(repositoryName="shop/api", imageIds=[{"imageTag": "v1"}])
        self.assertEqual(got["images"][0]["imageManifest"].encode(), self.manifest)
        login = self.ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
        self.assertTrue(base64.b64decode(login).startswith(b"AWS:"))

    def test_2_the_immutable_tag_is_refused(self):
        with self.assertRaises(self.ecr.exceptions.ImageTagAlreadyExistsException):
            self.ecr.put_image(
                repositoryName="shop/api",
                imageTag="v1",
                imageManifest=self.manifest.decode().replace("{", "{ ", 1),
                imageManifestMediaType=MANIFEST,
            )

    def test_3_a_service_becomes_stable_and_is_updated(self):
        self.ecs.create_cluster(clusterName="main")
        first, second = self.register("one"), self.register("two")
        self.assertEqual((first[-2:], second[-2:]), (":1", ":2"))
        self.ecs.create_service(
            cluster="main", serviceName="web", taskDefinition=first, desiredCount=2
        )
        self.assertEqual(self.stable_definition(), first)
        self.ecs.update_service(cluster="main", service="web", taskDefinition=second)
        self.assertEqual(self.stable_definition(), second)
        tasks = self.ecs.get_paginator("list_tasks").paginate(
            cluster="main", PaginationConfig={"PageSize": 1}
        )
        arns = [arn for page in tasks for arn in page["taskArns"]]
        described = self.ecs.describe_tasks(cluster="main", tasks=arns)["tasks"]
        self.assertEqual([task["taskDefinitionArn"] for task in described], [second, second])
        digests = {task["containers"][0]["imageDigest"] for task in described}
        self.assertEqual(digests, {digest_of(self.manifest)})

    def register(self, value):
        answer = self.ecs.register_task_definition(
            family="web",
            containerDefinitions=[
                {
                    "name": "web",
                    "image": self.image,
                    "memory": 128,
                    "environment": [{"name": "A", "value": value}],
                }
            ],
        )
        return answer["taskDefinition"]["taskDefinitionArn"]

    def stable_definition(self):
        """boto3's own waiter. It looks every 15 s: the simulator's clock goes on by as much."""
        event = "after-call.ecs.DescribeServices"
        go_on = lambda **_: self.simulator.pass_seconds(15)  # noqa: E731
        self.ecs.meta.events.register(event, go_on)
        try:
            waiter = self.ecs.get_waiter("services_stable")
            waiter.wait(cluster="main", services=["web"], WaiterConfig={"Delay": 0})
        finally:
            self.ecs.meta.events.unregister(event, go_on)
        (service,) = self.ecs.describe_services(cluster="main", services=["web"])["services"]
        return service["taskDefinition"]

    def test_4_a_token_that_is_none_is_refused(self):
        with self.assertRaises(ClientError) as refused:
            self.sts.assume_role_with_web_identity(
                RoleArn=ROLE, RoleSessionName="boto3", WebIdentityToken="a.b.c"
            )
        self.assertEqual(refused.exception.response["Error"]["Code"], "InvalidIdentityToken")

    def test_5_the_session_expires(self):
        self.simulator.pass_seconds(3601)
        with self.assertRaises(ClientError) as refused:
            self.ecs.describe_clusters()
        self.assertEqual(refused.exception.response["Error"]["Code"], "ExpiredTokenException")


if __name__ == "__main__":
    unittest.main(verbosity=2)
