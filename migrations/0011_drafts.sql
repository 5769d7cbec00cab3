-- Drafts: what a person was writing when the telephone rang. Theirs alone; nothing follows from it.

create table book.drafts (
    person_id integer not null references book.people,
    kind text not null constraint draft_kind_malformed check (kind ~ '^[a-z][a-z_]{0,30}$'),
    subject text not null constraint draft_subject_too_long check (length(subject) <= 80),
    body jsonb constraint draft_too_large check (octet_length(body::text) <= 20000),
    saved_at timestamptz not null,
    primary key (person_id, kind, subject)
);
comment on table book.drafts is 'Forms begun and not sent, one for each person, kind and subject; an empty body is a draft that was sent or thrown away.';
alter table book.drafts owner to kontor_owner;
grant select, insert on book.drafts to kontor_api;
grant update (body, saved_at) on book.drafts to kontor_api;
