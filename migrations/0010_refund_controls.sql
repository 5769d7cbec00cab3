-- What policy says of the time and care around an approval. The defaults leave the way of a refund as it was.

insert into book.policies (name, channel, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, null, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('refund_quiet_hours', '0'::jsonb),
    ('release_wait_minutes', '0'),
    ('retype_above', '"100000.00"'),
    ('bulk_approval_up_to', '"1000.00"')
) p (name, value);
