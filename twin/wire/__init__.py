"""The wire: lets real AWS clients talk to a twin kernel. Nothing here decides how the cloud behaves."""
