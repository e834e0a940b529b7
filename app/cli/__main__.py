"""python -m app.cli ARGS is course ARGS."""

from app.cli import main

if __name__ == "__main__":
    main(prog_name="course")
