"""The version of the installed segctl."""

VERSION = "0.1.0"
