-- What orders over amounts keep, watched by the books; and on whose lane of a case a paper or a call stands.

-- Usage may be charged against an ordered amount only because the platform let it happen: the books say so at once.

alter table book.customers
    add column ordered_amount numeric(14, 2) constraint ordered_amount_not_positive check (ordered_amount > 0),
    add column ordered_kept numeric(20, 6),
    add column ordered_reached_at timestamptz,
    add constraint ordered_amount_not_watched check ((ordered_amount is null) = (ordered_kept is null) and (ordered_reached_at is null or ordered_amount is not null));
comment on column book.customers.ordered_amount is 'what orders over amounts in force keep of the principal, all of them together; null without one. On this row, because whoever charges usage holds it already';
comment on column book.customers.ordered_kept is 'how much of it there was at the most: less than this is principal that the orders have lost';
comment on column book.customers.ordered_reached_at is 'since when nothing is free above it, and the platform was told so';
create index on book.customers (id) where ordered_amount is not null;
grant update (ordered_amount, ordered_kept, ordered_reached_at) on book.customers to kontor_api;

update book.customers c
set ordered_amount = o.amount, ordered_kept = least(o.amount, o.principal)
from (select j.customer_id, sum(j.amount) as amount,
             coalesce((select sum(r.amount_left) from book.recharges r where r.customer_id = j.customer_id and r.earmarked_for is null), 0) as principal
      from book.judicial_orders j where j.scope = 'amount' and j.lifted_at is null group by j.customer_id) o
where c.id = o.customer_id;

-- A paper that no step of a case names, and a call, came from somebody.
alter table book.attachments add column party text constraint attachment_party_unknown check (party in ('third_party', 'holder'));
comment on column book.attachments.party is 'whose paper it is; null where it is our own, or a step of the case says it';
alter table book.notes add column party text constraint note_party_unknown check (party in ('third_party', 'holder'));
comment on column book.notes.party is 'with whom we spoke or wrote; null for our own notes';
