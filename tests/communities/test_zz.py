from tests.communities.test_admin_keys import *
def test_q(client):
    now = timezone.now()
    failed = Message.objects.create(kind="reminder", key="1", reader=places.user(), target=1, due_at=now, status="failed", attempts=5)
    r=client.post("/admin/communities/message/", {"action": "again", "_selected_action": [failed.pk]},follow=True)
    print(r.status_code, r.redirect_chain, [str(m) for m in r.context["messages"]])
    assert 0
