from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog.product_rows import read_scores_with
        from partners import events
        from readers import news, personal_data
        from reviews.product_scores import product_scores
        from reviews.services.comment_follows import CommentNews
        from reviews.services.reader_comments import CommentData
        from reviews.services.remark_news import CorrectionNews
        from reviews.services.webhook_kinds import KINDS

        read_scores_with(product_scores)
        events.register(*KINDS)
        personal_data.register(CommentData())
        news.register(CommentNews())
        news.register(CorrectionNews())
