#!/usr/bin/perl
# People and rights of Request Tracker, through its own objects.
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';
use RT -init;
use JSON::PP qw(decode_json);

my ($data) = @ARGV;
my $system = RT->SystemUser;

sub lines_of {
    my ($name) = @_;
    open my $file, '<', "$data/$name.jsonl" or die "$name: $!";
    return map { decode_json($_) } <$file>;
}

sub made {
    my ($object, %fields) = @_;
    my ($id, $said) = $object->Create(%fields);
    die $said unless $id;
    return $object;
}

made(RT::Queue->new($system), Name => 'Support');
for my $person (lines_of('people')) {
    made(
        RT::User->new($system),
        Name => $person->{email}, EmailAddress => $person->{email},
        RealName => $person->{name}, Organization => "client $person->{client}", Privileged => 0,
    );
}
my $team = RT::Group->new($system);
$team->CreateUserDefinedGroup(Name => 'Technicians');
for my $technician (lines_of('technicians')) {
    my $user = made(
        RT::User->new($system),
        Name => $technician->{login}, EmailAddress => $technician->{email},
        RealName => $technician->{name}, Privileged => 1,
    );
    $team->AddMember($user->id);
}
my @rights = qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ModifyTicket ReplyToTicket CommentOnTicket OwnTicket TakeTicket);
$team->PrincipalObj->GrantRight(Right => $_, Object => RT->System) for @rights;
my $everyone = RT::Group->new($system);
$everyone->LoadSystemInternalGroup('Everyone');
$everyone->PrincipalObj->GrantRight(Right => $_, Object => RT->System) for qw(CreateTicket ReplyToTicket);
