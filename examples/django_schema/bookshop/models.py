"""What the shop keeps."""

from django.db import models


class Order(models.Model):
    """What somebody has paid for."""

    user = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
