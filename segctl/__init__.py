"""segctl: Terraform for player segments."""
