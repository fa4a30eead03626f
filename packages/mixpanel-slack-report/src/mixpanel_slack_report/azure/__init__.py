"""What the functions of an Azure function app call; ``init azure`` writes one."""
