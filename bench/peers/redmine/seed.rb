# A project for each client, people through Redmine's models, issues and their notes in bulk. Prints the facts that the load needs.
require 'json'

def lines_of(name)
  File.foreach("#{ENV.fetch('DATA')}/#{name}.jsonl").map { |line| JSON.parse(line) }
end

{ rest_api_enabled: '1', login_required: '1', per_page_options: '25,50,100', notified_events: [] }.each { |name, value| Setting[name] = value }

admin = User.find_by(login: 'admin')
admin.must_change_passwd = false
admin.password = admin.password_confirmation = 'Remit-bench-1'
admin.save!(validate: false)
token = Token.create!(user: admin, action: 'api')

def person(login, name, email)
  first, last = name.split(' ', 2)
  user = User.new(firstname: first, lastname: last || first, mail: email, language: 'en', mail_notification: 'none')
  user.login = login
  user.random_password
  user.save!
  user.id
end

tracker = Tracker.find_by(name: 'Support')
projects = lines_of('clients').to_h do |client|
  project = Project.new(name: client['name'], identifier: "client#{client['id']}", is_public: true, enabled_module_names: %w[issue_tracking])
  project.trackers = Tracker.all
  project.save!
  [client['id'], project.id]
end
technicians = lines_of('technicians').to_h { |who| [who['id'], person(who['login'], who['name'], who['email'])] }
people = lines_of('people').to_h { |who| [who['id'], person("person#{who['id']}", who['name'], who['email'])] }

works, asks = Role.find_by(name: 'Developer'), Role.find_by(name: 'Reporter')
now = Time.now.utc
memberships = projects.values.product(technicians.values).map { |project, user| [project, user, works.id] }
memberships += lines_of('people').map { |who| [projects[who['client']], people[who['id']], asks.id] }
rows = memberships.map { |project, user, _| { project_id: project, user_id: user, created_on: now } }
ids = Member.insert_all(rows, returning: %w[id]).rows.flatten
MemberRole.insert_all(ids.zip(memberships).map { |id, (_, _, role)| { member_id: id, role_id: role } })

open, closed = IssueStatus.find_by(name: 'In Progress').id, IssueStatus.find_by(name: 'Closed').id
urgent_first = IssuePriority.reorder(position: :desc).offset(1).limit(4).pluck(:id)
lines_of('tickets').each_slice(1000) do |tickets|
  issues = tickets.map do |ticket|
    opened, changed = Time.at(ticket['opened']).utc, Time.at(ticket['changed']).utc
    { id: ticket['id'], root_id: ticket['id'], lft: 1, rgt: 2, tracker_id: tracker.id, project_id: projects[ticket['client']],
      subject: ticket['subject'], description: ticket['text'], status_id: ticket['open'] ? open : closed,
      assigned_to_id: technicians[ticket['technician']], author_id: people[ticket['requester']],
      priority_id: urgent_first[ticket['priority'] - 1], created_on: opened, updated_on: changed, start_date: opened.to_date,
      closed_on: ticket['open'] ? nil : changed }
  end
  notes = tickets.flat_map do |ticket|
    ticket['replies'].map do |reply|
      who = reply['by'] == 'technician' ? technicians[ticket['technician']] : people[ticket['requester']]
      { journalized_id: ticket['id'], journalized_type: 'Issue', user_id: who, notes: reply['text'], created_on: Time.at(reply['at']).utc }
    end
  end
  Issue.insert_all!(issues)
  Journal.insert_all!(notes)
end
ActiveRecord::Base.connection.execute("SELECT setval('issues_id_seq', (SELECT max(id) FROM issues))")
ActiveRecord::Base.connection.execute('ANALYZE')
puts 'first=1', "token=#{token.value}", "tracker=#{tracker.id}", "priority=#{urgent_first[2]}"
