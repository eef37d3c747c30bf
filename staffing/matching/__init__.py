"""Who stands where: fills the seats of many shifts at once, close to the best that is possible, and says why.

Pure: NumPy in, NumPy out. Imported by workers and commands only, since it loads compilers and solvers.
"""
