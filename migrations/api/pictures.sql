-- pictures: logos and seals of templates. A broken one is refused when it is proposed, not when it is printed.

create function api.crc32(bytes bytea) returns bigint language plpgsql immutable parallel safe security definer set search_path = '' as $$
declare
    sums bigint[] := array[]::bigint[];
    sum bigint;
begin
    for n in 0..255 loop
        sum := n;
        for bit in 1..8 loop sum := case when sum & 1 = 1 then 3988292384 # (sum >> 1) else sum >> 1 end; end loop;
        sums := sums || sum;
    end loop;
    sum := 4294967295;
    for place in 0..octet_length(bytes) - 1 loop
        sum := sums[1 + ((sum # get_byte(bytes, place)) & 255)::integer] # (sum >> 8);
    end loop;
    return sum # 4294967295;
end $$;
comment on function api.crc32(bytea) is 'The check sum that a PNG keeps for each of its parts.';

create function api.be32(bytes bytea, place integer) returns bigint language sql immutable parallel safe security definer set search_path = '' as
$$ select (get_byte(bytes, place)::bigint << 24) | (get_byte(bytes, place + 1) << 16) | (get_byte(bytes, place + 2) << 8) | get_byte(bytes, place + 3) $$;
comment on function api.be32(bytea, integer) is 'Four bytes as a number, the highest first.';

create function api.check_picture(picture bytea) returns void language plpgsql stable security definer set search_path = '' as $$
declare
    place integer := 8;
    long bigint;
    kind text;
    parts text[] := '{}';
    wide bigint; high bigint;
begin
    if picture is null then return; end if;
    if octet_length(picture) > 262144 then perform api.broken('picture_too_large', '{"most_bytes": 262144}'); end if;
    if substring(picture from 1 for 8) <> '\x89504e470d0a1a0a'::bytea then perform api.broken('picture_not_png'); end if;
    while place + 12 <= octet_length(picture) loop
        long := api.be32(picture, place);
        if place + 12 + long > octet_length(picture) then perform api.broken('picture_broken'); end if;
        kind := encode(substring(picture from place + 5 for 4), 'escape');
        if api.crc32(substring(picture from place + 5 for 4 + long::integer)) <> api.be32(picture, place + 8 + long::integer) then perform api.broken('picture_broken'); end if;
        if kind = 'IHDR' then wide := api.be32(picture, place + 8); high := api.be32(picture, place + 12); end if;
        parts := parts || kind;
        place := place + 12 + long::integer;
    end loop;
    if place <> octet_length(picture) or parts[1] is distinct from 'IHDR' or not 'IDAT' = any (parts) or parts[cardinality(parts)] <> 'IEND' then perform api.broken('picture_broken'); end if;
    if wide not between 16 and 2000 or high not between 16 and 2000 then perform api.broken('picture_size_unusable', jsonb_build_object('width', wide, 'height', high, 'least', 16, 'most', 2000)); end if;
end $$;
comment on function api.check_picture(bytea) is 'Refuses what is no whole PNG of a usable size: each part is there and has its check sum.';

create function api.picture_from(written text) returns bytea language plpgsql stable security definer set search_path = '' as $$
declare picture bytea;
begin
    if length(written) > 400000 then perform api.broken('picture_too_large', '{"most_bytes": 262144}'); end if;
    begin
        picture := decode(written, 'base64');
    exception when invalid_parameter_value then
        perform api.broken('picture_not_png');
    end;
    perform api.check_picture(picture);
    return picture;
end $$;
comment on function api.picture_from(text) is 'A picture as it travels, in base64; refused unless it is a whole PNG of a usable size.';

create function api.picture_of(hash text) returns text language sql stable security definer set search_path = '' as $$
    select encode(p.bytes, 'hex') from book.sellers s cross join lateral (values (s.logo), (s.seal)) p (bytes) where encode(sha256(p.bytes), 'hex') = hash limit 1
$$;
comment on function api.picture_of(text) is 'A picture that a paper names by its hash.';
