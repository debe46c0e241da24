"""The service models that botocore ships, loaded once a process and only read; no client is made here."""

from functools import cache

import botocore.loaders
from moto.core.model import ServiceModel

SERVICES = ("sagemaker", "sagemaker-runtime", "cloudwatch", "application-autoscaling", "service-quotas")
# Parsing the SageMaker model takes 0.1 to 0.2 s; worlds share the parsed dictionaries, which nobody changes.
LOADER = botocore.loaders.create_loader()


@cache
def service_model(service: str) -> ServiceModel:
    """The model of a service by its boto3 name, in moto's subclass, which moto's serializers ask for."""
    return ServiceModel(LOADER.load_service_model(service, "service-2"), service)
