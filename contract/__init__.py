"""What the simulation claims about AWS, as cases that hold in the simulation and can be run in a real account."""
