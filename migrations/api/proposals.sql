-- proposals: everything that one person proposed and another confirms, in one place. A capability with a proposal adds its branch here.

create function api.proposals_waiting() returns table (kind text, id text, number text, customer_name text, amount numeric, since timestamptz)
language plpgsql stable security definer set search_path = '' as $$
declare me integer := api.person();
begin
    if api.has_duty('approver') then
        return query
        select 'settlement', x.id::text, coalesce(x.order_no, x.provider_no, ''), coalesce(api.shown_name(c), ''), coalesce(x.amount, x.amount_expected, 0)::numeric, x.proposed_at
        from book.exceptions x left join book.customers c on c.id = x.customer_id where x.proposed_at is not null and x.resolved_at is null and x.proposed_by <> me order by x.proposed_at limit 50;
        return query
        select 'red_letter', l.id::text, i.number, api.shown_name(c), l.total_incl, l.proposed_at
        from book.red_letters l join book.invoices i on i.id = l.invoice_id join book.customers c on c.id = l.customer_id where l.status = 'proposed' and l.proposed_by <> me order by l.proposed_at limit 50;
        return query
        select 'policy', p.id::text, p.name, '', 0::numeric, p.proposed_at from book.policies p where p.confirmed_at is null and p.proposed_by <> me order by p.proposed_at limit 50;
        return query
        select 'calendar', k.id::text, k.year::text, '', 0::numeric, k.imported_at from book.calendars k where k.confirmed_at is null and k.imported_by <> me order by k.imported_at limit 50;
    end if;
    if api.has_duty('supervisor') then
        return query
        select 'person', d.id::text, p.login || ' · ' || d.duty, '', 0::numeric, e.at
        from book.duties d join book.people p on p.id = d.person_id join book.audit_events e on e.command = 'people.propose_duty' and e.subject_kind = 'duty' and e.subject_id = d.id::text
        where d.proposed_by is not null and d.confirmed_by is null and d.until_at is null and d.proposed_by <> me and d.person_id <> me order by e.at limit 50;
    end if;
end $$;
comment on function api.proposals_waiting() is 'What one person proposed and this one could confirm: write-offs, red letters, policies, holiday lists, duties.';
