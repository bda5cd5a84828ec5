"""What people think of the police and of their safety, as surveys let it be said."""
