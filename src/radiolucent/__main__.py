"""`python -m radiolucent` is the command `radiolucent`."""

from .cli import main

raise SystemExit(main())
