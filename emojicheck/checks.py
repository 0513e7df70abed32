"""Start-up validation: what Django's `check` says about this installation."""
