-- Four eyes are two natural persons wherever one finishes what another began: letters and the campaign are bound as everything before.

do $$
declare
    pair record;
begin
    for pair in select * from (values
        ('letter_templates', 'confirmed_by', 'proposed_by'), ('campaign_versions', 'confirmed_by', 'proposed_by'), ('campaign_turns', 'confirmed_by', 'proposed_by'),
        ('campaign_corrections', 'confirmed_by', 'proposed_by'), ('campaign_objections', 'decided_by', 'recorded_by'), ('credit_expiries', 'confirmed_by', 'proposed_by'),
        ('campaign_violations', 'decided_by', 'proposed_by'), ('campaign_violations', 'reversed_by', 'reversal_proposed_by')) p (of_table, step, earlier)
    loop
        execute format('create trigger %I before insert or update on book.%I for each row when (new.%3$I is not null) execute function book.refuse_deputy(%3$L, %4$L)',
            'refuse_deputy_' || pair.step, pair.of_table, pair.step, pair.earlier);
    end loop;
end $$;
