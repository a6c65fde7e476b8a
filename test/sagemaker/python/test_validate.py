"""The validator has to find what is wrong: each line is right but for one thing."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
JSON = "application/x-amz-json-1.1"


def describe(request: dict, response: dict, status: int = 200) -> dict:
    """An exchange of DescribeTrainingJob."""
    headers = {"x-amz-target": "SageMaker.DescribeTrainingJob", "content-type": JSON}
    common = {"service": "sagemaker", "operation": "DescribeTrainingJob", "method": "POST", "url": "/"}
    bodies = {"requestBody": json.dumps(request), "responseBody": json.dumps(response)}
    return {**common, **bodies, "requestHeaders": headers, "responseHeaders": {}, "status": status}


def listing(url: str, body: str) -> dict:
    """An exchange of ListObjectsV2."""
    common = {"service": "s3", "operation": "ListObjectsV2", "method": "GET", "url": url, "status": 200}
    return {**common, "requestHeaders": {}, "responseHeaders": {}, "requestBody": "", "responseBody": body}


GOOD = {
    "TrainingJobName": "a",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/a",
    "ModelArtifacts": {"S3ModelArtifacts": "s3://b/a"},
    "TrainingJobStatus": "InProgress",
    "SecondaryStatus": "Starting",
    "StoppingCondition": {},
    "CreationTime": 1.5,
}
XML = "<ListBucketResult><Name>b</Name><KeyCount>0</KeyCount>{}</ListBucketResult>"
LISTED = "/b/?list-type=2&max-keys=3"


class Validate(unittest.TestCase):
    """Each case through the program itself."""

    def check(self, line: dict, expected: str) -> None:
        """Empty text: nothing may be found."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "calls.jsonl"
            file.write_text(json.dumps(line) + "\n", encoding="utf-8")
            command = [sys.executable, str(HERE / "validate.py"), str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1 if expected else 0, done.stderr)
        self.assertIn(expected, done.stderr)

    def test_json(self) -> None:
        """SageMaker's lines."""
        asked = {"TrainingJobName": "a"}
        self.check(describe(asked, GOOD), "")
        self.check(describe({}, GOOD), "request.TrainingJobName: is required")
        self.check(describe({"TrainingJobName": "a_b"}, GOOD), "must match")
        self.check(describe({"TrainingJobName": "a" * 64}, GOOD), "must be at most 63")
        self.check(describe({**asked, "Other": 1}, GOOD), "is no member of DescribeTrainingJobRequest")
        self.check(describe(asked, {**GOOD, "TrainingJobStatus": "Fine"}), "must be one of")
        self.check(describe(asked, {**GOOD, "CreationTime": "now"}), "must be of type timestamp")
        refused = {"__type": "ValidationException", "message": "no"}
        self.check(describe({"TrainingJobName": "a_b"}, refused, 400), "")
        self.check(describe(asked, {"message": "no"}, 400), "must have __type")

    def test_xml(self) -> None:
        """S3's lines."""
        self.check(listing(LISTED, XML.format("")), "")
        self.check(listing("/b/?list-type=2&max-keys=x", XML.format("")), "request.MaxKeys: must be of type integer")
        self.check(listing("/b/?list-type=2&colour=x", XML.format("")), "?colour is no member")
        self.check(listing("/?list-type=2", XML.format("")), "request.Bucket")
        self.check(listing(LISTED, XML.format("<Colour>x</Colour>")), "is no element of")
        contents = "<Contents><Key>a</Key><StorageClass>BEST</StorageClass></Contents>"
        self.check(listing(LISTED, XML.format(contents)), "must be one of")


if __name__ == "__main__":
    unittest.main()
