-- The print room, second part: requests for one product or month, currencies and their signs, tax in the taxing country's own money.

alter table book.invoice_requests
    add column product text references book.products,
    add column month date constraint invoice_request_month_malformed check (month = date_trunc('month', month));
create index on book.invoice_requests (product);
comment on column book.invoice_requests.product is 'only this product''s usage; all of them where nobody says otherwise';
comment on column book.invoice_requests.month is 'only what was used until the end of this month';

insert into book.policies (name, value, valid_from, reason, proposed_at, confirmed_at)
select p.name, p.value, '2020-01-01T00:00:00+08', 'default', '2020-01-01T00:00:00+08', '2020-01-01T00:00:00+08'
from (values
    ('currencies', '{"CNY": "¥", "USD": "US$", "SGD": "S$", "EUR": "€", "GBP": "£", "HKD": "HK$", "AUD": "A$", "CAD": "C$", "CHF": "CHF", "MYR": "RM", "THB": "THB", "AED": "AED"}'::jsonb),
    ('tax_currencies', '{"gst_sg": "SGD"}')
) p (name, value);
