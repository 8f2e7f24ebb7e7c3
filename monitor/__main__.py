"""`python -m monitor`: the command line, for the processes the service starts."""

from monitor.cli import main

main()
