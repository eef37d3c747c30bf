import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0007_grids_of_buildings'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeadEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('sms', 'text message'), ('email', 'e-mail'), ('robot', 'group robot')], max_length=10, verbose_name='channel')),
                ('reason', models.CharField(blank=True, max_length=120, verbose_name='reason')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dead_ends', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'address that does not work',
                'verbose_name_plural': 'addresses that do not work',
                'constraints': [models.UniqueConstraint(fields=('user', 'channel'), name='dead_end_once')],
            },
        ),
    ]
