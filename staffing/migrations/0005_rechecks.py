import communities.together
import django.db.models.deletion
import staffing.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0003_every_policy_has_a_scheme'),
        ('communities', '__first__'),
        ('staffing', '0004_swaps'),
        ('volunteers', '0002_access_passes'),
    ]

    operations = [
        communities.together.Together(
            operations=[
                migrations.CreateModel(
                    name='ZoneRecheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('policy_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='version')),
                        ('opened_at', models.DateTimeField(verbose_name='opened')),
                        ('seats', models.PositiveIntegerField(default=0, verbose_name='seats in reach')),
                        ('checked', models.PositiveIntegerField(default=0, verbose_name='seats looked at')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('access_pass', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='recheck', to='volunteers.accesspass', verbose_name='access pass')),
                        ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rechecks', to='communities.area', verbose_name='area')),
                        ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                        ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rechecks', to='communities.zonepolicy', verbose_name='zone policy')),
                        ('zone_status', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='recheck', to='communities.zonestatus', verbose_name='zone status')),
                    ],
                    options={
                        'verbose_name': 'zone re-check',
                        'verbose_name_plural': 'zone re-checks',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(condition=models.Q(('finished_at', None)), fields=['id'], name='recheck_open')],
                        'constraints': [models.UniqueConstraint(fields=('policy', 'policy_version'), name='recheck_once_per_policy_version'), models.CheckConstraint(condition=models.Q(models.Q(('access_pass__isnull', True), ('policy__isnull', True), ('zone_status__isnull', False)), models.Q(('access_pass__isnull', True), ('policy__isnull', False), ('zone_status__isnull', True)), models.Q(('access_pass__isnull', False), ('policy__isnull', True), ('zone_status__isnull', True)), _connector='OR'), name='recheck_has_one_cause')],
                    },
                ),
                migrations.CreateModel(
                    name='RecheckedSeat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('verdict', models.CharField(choices=[(staffing.states.Verdict['STAYS'], 'may stay'), (staffing.states.Verdict['APPROVE'], 'may stay, needs approval'), (staffing.states.Verdict['CANNOT_ENTER'], 'cannot enter'), (staffing.states.Verdict['CANNOT_LEAVE'], 'cannot leave'), (staffing.states.Verdict['ON_DUTY'], 'on duty, not touched')], max_length=14, verbose_name='verdict')),
                        ('code', models.CharField(blank=True, max_length=30, verbose_name='reason')),
                        ('held_seat', models.BooleanField(default=True, verbose_name='held a seat')),
                        ('sign_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rechecks', to='staffing.signup', verbose_name='sign-up')),
                        ('recheck', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='found', to='staffing.zonerecheck', verbose_name='re-check')),
                    ],
                    options={
                        'verbose_name': 're-checked seat',
                        'verbose_name_plural': 're-checked seats',
                        'indexes': [models.Index(fields=['recheck', 'verdict'], name='recheck_verdict')],
                        'constraints': [models.UniqueConstraint(fields=('recheck', 'sign_up'), name='seat_rechecked_once')],
                    },
                ),
            ],
        ),
    ]
