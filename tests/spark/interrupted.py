"""A process that asks for more than there is time for, and is interrupted. Its file is what Spark's client wants of one."""

import sys

from segctl.warehouse.spark_session import in_session

if __name__ == "__main__":
    with in_session(sys.argv[1]) as session:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        try:
            session.ask(sys.argv[2])
        except KeyboardInterrupt:
            sys.stdout.write("interrupted\n")
        sys.stdout.write(f"{session.rows('SELECT 1 AS one')[0][0]}\n")
