"""What is an article made of? One table for every kind of block (decision 0003)."""

from __future__ import annotations

import secrets

from django.db import models

from catalog.models import Product
from reviews import blocks
from reviews.models.article import Article
from reviews.models.picture import Picture


def new_key() -> str:
    """A key no other block of the article has: comments and watches know a block by it while it moves."""
    return secrets.token_hex(5)


def block_choices() -> list[tuple[str, str]]:
    return [(key, block.label) for key, block in blocks.BLOCKS.items()]


class Block(models.Model):
    """`data` fits the fields its kind declares; products are a real relation, so that none can vanish."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="blocks")
    key = models.CharField(max_length=12, default=new_key, editable=False)
    kind = models.CharField(max_length=30, choices=block_choices)
    position = models.PositiveIntegerField(default=0)
    data = models.JSONField(default=dict, blank=True)
    products = models.ManyToManyField(Product, through="BlockProduct", related_name="blocks")
    pictures = models.ManyToManyField(Picture, through="BlockPicture", related_name="blocks")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["article", "key"], name="block_key_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.kind}"


class BlockProduct(models.Model):
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="block_products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="block_products")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["block", "product"], name="block_product_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.product_id}"


class BlockPicture(models.Model):
    """A picture that a block shows. PROTECT: it cannot be deleted from under the block."""

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="block_pictures")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="block_pictures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["block", "picture"], name="block_picture_once")]

    def __str__(self) -> str:
        return f"{self.block_id}: {self.picture_id}"
