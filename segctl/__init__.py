"""segctl: Terraform for player segments."""

__version__ = "0.1.0"
